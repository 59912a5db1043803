device 0000:00:1e.0 0x10de 0x1eb8 0x030200
module 570.124.06 'x86_64 Kernel Module'
library 570.133.20
program nvidia-smi <<'END'
echo 'Failed to initialize NVML: Driver/library version mismatch'
echo 'NVML library version: 570.133'
exit 18
END
