//! What can stand in the way of a build.

/// In the order in which it is looked at: packages, then the device, then what goes with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hurdle {
    Index,
    Variant,
    Python,
    Glibc,
    CpuOnly,
    UnknownCoverage,
    Coverage,
    Fails,
    Driver,
    Cudnn,
    Nccl,
    Torchvision,
    Torchaudio,
    Numpy,
}

impl Hurdle {
    /// Every one, in its order.
    pub(super) const ALL: [Self; 14] = [
        Self::Index,
        Self::Variant,
        Self::Python,
        Self::Glibc,
        Self::CpuOnly,
        Self::UnknownCoverage,
        Self::Coverage,
        Self::Fails,
        Self::Driver,
        Self::Cudnn,
        Self::Nccl,
        Self::Torchvision,
        Self::Torchaudio,
        Self::Numpy,
    ];

    /// Those that packages are wished for with. The other six are the host's: they stand whatever is wished for.
    pub(super) const OF_PACKAGES: [Self; 8] = [
        Self::Index,
        Self::Variant,
        Self::Python,
        Self::Cudnn,
        Self::Nccl,
        Self::Torchvision,
        Self::Torchaudio,
        Self::Numpy,
    ];
}
