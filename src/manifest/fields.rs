//! Every key of the manifest that is not a provider's own. The reader, the JSON Schema and `docs/manifest.md` are made
//! from these tables; a key that is not here does not exist.

use crate::yaml::{Field, Wanted};

const fn required(name: &'static str, wanted: Wanted, about: &'static str) -> Field {
    Field { name, wanted, is_required: true, about }
}

const fn optional(name: &'static str, wanted: Wanted, about: &'static str) -> Field {
    Field { name, wanted, is_required: false, about }
}

/// The top of the file.
pub static MANIFEST: &[Field] = &[
    required("aether", Wanted::Integer(1, i64::MAX), "format of this file, 1"),
    required("name", Wanted::Text, "the project's name: lower-case letters, digits and dashes"),
    optional("variables", Wanted::Mapping, "values from outside, used as `${name}`"),
    optional("environments", Wanted::Mapping, "software stacks by name"),
    optional("hosts", Wanted::Mapping, "host groups by name"),
    optional("clusters", Wanted::Mapping, "clusters by name"),
    optional(
        "max_hourly_cost",
        Wanted::Amount,
        "USD per hour that the machines of all host groups together may cost; left out: no limit",
    ),
    optional("mirrors", Wanted::Mapping, "own places that stand in for those of the internet"),
];

/// Places that stand in for those of the internet.
pub static MIRRORS: &[Field] = &[
    optional("index", Wanted::Text, "Python package index; left out: what `uv` is told, else pypi.org"),
    optional("torch_index", Wanted::Text, "stands for download.pytorch.org/whl"),
    optional("cuda", Wanted::Text, "stands for developer.download.nvidia.com/compute/cuda/repos"),
    optional("container_toolkit", Wanted::Text, "stands for nvidia.github.io/libnvidia-container"),
    optional("huggingface", Wanted::Text, "hub of models and datasets; stands for huggingface.co"),
    optional(
        "registry",
        Wanted::Text,
        "container registry that public images are pulled from, such as `registry.example.com/hub`; stands for docker.io and nvcr.io",
    ),
];

/// One environment.
pub static ENVIRONMENT: &[Field] = &[
    optional("extends", Wanted::Text, "another environment whose frameworks and packages it starts from"),
    optional("python", Wanted::Version, "release line such as `\"3.12\"`; left out: the newest that fits"),
    optional(
        "pytorch",
        Wanted::Version,
        "version of PyTorch, such as `\"2.10\"` or `\">=2.8,<3\"`; empty: the newest that fits",
    ),
    optional("tensorflow", Wanted::Version, "version of TensorFlow"),
    optional("jax", Wanted::Version, "version of JAX"),
    optional("scikit-learn", Wanted::Version, "version of scikit-learn"),
    optional("packages", Wanted::TextList, "further Python packages as PEP 508 requirements"),
];

/// The keys every host group has, whatever its provider.
pub static HOST_GROUP: &[Field] = &[
    required("provider", Wanted::Text, "where the hosts come from"),
    optional("environments", Wanted::TextList, "environments its hosts carry"),
    optional(
        "playbooks",
        Wanted::TextList,
        "the project's own playbooks: paths relative to the manifest, below `playbooks/`",
    ),
    optional("accelerators", Wanted::Text, "GPU model and count per host, such as `A100:8`; left out: `none`"),
    optional(
        "architecture",
        Wanted::Word(ARCHITECTURES),
        "processor architecture; left out: that of the machine type or GPU (GH200: `aarch64`), else `x86_64`",
    ),
    optional(
        "max_hourly_cost",
        Wanted::Amount,
        "USD per hour that the group's machines together may cost; left out: no limit",
    ),
    optional("system", Wanted::Text, "operating system of the hosts, such as `ubuntu-24.04`; left out: not known"),
    optional(
        "driver",
        Wanted::Version,
        "NVIDIA driver: a branch `\"580\"`, a release `\"580.65.06\"`, or `keep`, which never touches the one that is there; \
         left out: the branch that fits, where no driver that fits is there",
    ),
    optional(
        "kernel_modules",
        Wanted::Word(MODULES),
        "kind of the driver's kernel modules; left out: by GPU and driver",
    ),
    optional(
        "cuda_toolkit",
        Wanted::Version,
        "CUDA release such as `\"12.8\"` whose compiler is installed; left out: none",
    ),
    optional(
        "container_runtime",
        Wanted::Word(RUNTIMES),
        "runtime of containers that gets access to the GPUs; left out: none does",
    ),
];

/// The keys every cluster has, whatever its provider.
pub static CLUSTER: &[Field] = &[
    required("provider", Wanted::Text, "what runs the cluster"),
    optional("environments", Wanted::TextList, "environments that get a workload there"),
    optional("accelerators", Wanted::Text, "GPU model and count per workload, such as `A100:8`; left out: `none`"),
    optional(
        "architecture",
        Wanted::Word(ARCHITECTURES),
        "processor architecture of its nodes; left out: that of the GPU (GH200: `aarch64`), else `x86_64`",
    ),
    optional("system", Wanted::Text, "operating system of its nodes, such as `ubuntu-24.04`; left out: not known"),
    optional(
        "driver",
        Wanted::Version,
        "NVIDIA driver that the GPU operator puts on its nodes: a branch, a release, or `keep` where the nodes have one; \
         left out: the branch that fits",
    ),
    optional(
        "kernel_modules",
        Wanted::Word(MODULES),
        "kind of the driver's kernel modules; left out: by GPU and driver",
    ),
];

/// One variable.
pub static VARIABLE: &[Field] = &[
    optional("type", Wanted::Word(TYPES), "what values it takes; left out: the type of its default, else `text`"),
    optional("default", Wanted::Any, "the value when none is given; left out: one must be given"),
    optional("description", Wanted::Text, "what it is for"),
];

const ARCHITECTURES: &[&str] = &["x86_64", "aarch64"];
const MODULES: &[&str] = &["open", "proprietary"];
const RUNTIMES: &[&str] = &["docker", "containerd", "crio"];
const TYPES: &[&str] = &["text", "number", "boolean"];
