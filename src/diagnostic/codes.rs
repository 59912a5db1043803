//! The table of offences: one row and one page in `docs/diagnostics/` each.
//!
//! 01xx reading text · 02xx manifest · 03xx stacks and lock · 04xx playbooks · 05xx providers and hosts ·
//! 06xx artifacts.

use super::Code;

macro_rules! table {
    ($($constant:ident = $id:literal $name:literal;)*) => {
        /// One constant per offence.
        pub mod codes {
            use super::Code;
            $(
                #[doc = concat!("`", $name, "`; the page is `docs/diagnostics/", $name, ".md`.")]
                pub static $constant: Code = Code {
                    id: $id,
                    name: $name,
                    page: include_str!(concat!("../../docs/diagnostics/", $name, ".md")),
                };
            )*
        }
        /// Every offence, in the order of its id.
        pub static ALL: &[&Code] = &[$(&codes::$constant),*];
    };
}

table! {
    UNKNOWN_KEY = "AE0101" "unknown-key";
    WRONG_TYPE = "AE0102" "wrong-type";
    MISSING_KEY = "AE0103" "missing-key";
    INVALID_YAML = "AE0104" "invalid-yaml";
    TAB = "AE0105" "tab";
    DUPLICATE_KEY = "AE0106" "duplicate-key";
    TOO_MANY_VALUES = "AE0107" "too-many-values";
    TOO_DEEP = "AE0108" "too-deep";
    SEVERAL_DOCUMENTS = "AE0109" "several-documents";
    KEY_NOT_TEXT = "AE0110" "key-not-text";
    UNKNOWN_TAG = "AE0111" "unknown-tag";
    UNKNOWN_ANCHOR = "AE0112" "unknown-anchor";
    INVALID_MERGE = "AE0113" "invalid-merge";
    OUT_OF_RANGE = "AE0114" "out-of-range";
    UNKNOWN_WORD = "AE0115" "unknown-word";
    NOT_UTF8 = "AE0116" "not-utf8";
    TOO_LARGE = "AE0117" "too-large";
    EMPTY_FILE = "AE0118" "empty-file";
    UNSUPPORTED_FORMAT = "AE0201" "unsupported-format";
    INVALID_NAME = "AE0202" "invalid-name";
    UNKNOWN_VARIABLE = "AE0203" "unknown-variable";
    MISSING_VARIABLE = "AE0204" "missing-variable";
    VARIABLE_CYCLE = "AE0205" "variable-cycle";
    INVALID_VARIABLE = "AE0206" "invalid-variable";
    ENVIRONMENT_UNKNOWN = "AE0210" "environment-unknown";
    PROVIDER_UNKNOWN = "AE0211" "provider-unknown";
    EXTENDS_CYCLE = "AE0212" "extends-cycle";
    NAME_TAKEN = "AE0213" "name-taken";
    NAMED_TWICE = "AE0214" "named-twice";
    ACCELERATORS_UNREADABLE = "AE0215" "accelerators-unreadable";
    PATH_OUTSIDE = "AE0216" "path-outside";
    PYTHON_UNREADABLE = "AE0217" "python-unreadable";
    VERSION_UNREADABLE = "AE0218" "version-unreadable";
    PACKAGE_UNREADABLE = "AE0219" "package-unreadable";
    PACKAGE_CONFLICT = "AE0220" "package-conflict";
    ENVIRONMENT_UNUSED = "AE0221" "environment-unused";
    SYSTEM_UNKNOWN = "AE0222" "system-unknown";
    DRIVER_UNREADABLE = "AE0223" "driver-unreadable";
    TOOLKIT_UNKNOWN = "AE0224" "toolkit-unknown";
    KEY_WITHOUT_GPU = "AE0225" "key-without-gpu";
    KEY_NEEDS_ROOT = "AE0226" "key-needs-root";
    MIRROR_UNREADABLE = "AE0228" "mirror-unreadable";
    MIRROR_SECRET = "AE0229" "mirror-secret";
    PACKAGES_NOT_PACKED = "AE0230" "packages-not-packed";
    PYTHON_HAS_NO_WHEELS = "AE0301" "python-has-no-wheels";
    RELEASE_NOT_IN_TABLE = "AE0302" "release-not-in-table";
    FRAMEWORKS_COLLIDE = "AE0303" "frameworks-collide";
    GPU_NOT_COVERED = "AE0304" "gpu-not-covered";
    DRIVER_TOO_OLD = "AE0305" "driver-too-old";
    DRIVER_DROPS_GPU = "AE0306" "driver-drops-gpu";
    KERNEL_MODULE_KIND = "AE0307" "kernel-module-kind";
    IMAGE_NEEDS_NEWER_DRIVER = "AE0308" "image-needs-newer-driver";
    IMAGE_TAG_MISSING = "AE0309" "image-tag-missing";
    FORWARD_COMPATIBILITY = "AE0310" "forward-compatibility";
    GLIBC_TOO_OLD = "AE0311" "glibc-too-old";
    CPU_ONLY_WHEELS = "AE0312" "cpu-only-wheels";
    BUILD_MISSING = "AE0313" "build-missing";
    TENSORFLOW_ON_BLACKWELL = "AE0314" "tensorflow-on-blackwell";
    COMPANION_MISMATCH = "AE0315" "companion-mismatch";
    NUMPY_DOES_NOT_FIT = "AE0316" "numpy-does-not-fit";
    LIBRARY_PINNED = "AE0317" "library-pinned";
    GPU_OF_OTHER_PROCESSOR = "AE0318" "gpu-of-other-processor";
    ACCELERATOR_UNKNOWN = "AE0319" "accelerator-unknown";
    CUDA_FROM_HOST = "AE0320" "cuda-from-host";
    GPUS_SHARE_NO_BUILD = "AE0321" "gpus-share-no-build";
    TOOLKIT_DOES_NOT_FIT = "AE0322" "toolkit-does-not-fit";
    SYSTEM_WITHOUT_DRIVERS = "AE0323" "system-without-drivers";
    DRIVER_LIBRARY_MISMATCH = "AE0340" "driver-library-mismatch";
    DRIVER_NOT_RUNNING = "AE0341" "driver-not-running";
    NOUVEAU_LOADED = "AE0342" "nouveau-loaded";
    SECURE_BOOT_REFUSES_MODULE = "AE0343" "secure-boot-refuses-module";
    FABRIC_NOT_READY = "AE0344" "fabric-not-ready";
    LIBRARIES_SHADOWED = "AE0345" "libraries-shadowed";
    GPU_LIBRARIES_NOT_FOUND = "AE0346" "gpu-libraries-not-found";
    CONTAINER_LOST_GPU = "AE0347" "container-lost-gpu";
    PACKAGES_HELD = "AE0348" "packages-held";
    GPUS_MISSING = "AE0349" "gpus-missing";
    ACCELERATORS_NOT_DECLARED = "AE0350" "accelerators-not-declared";
    UNSUPPORTED_MODULE = "AE0401" "unsupported-module";
    UNSUPPORTED_KEYWORD = "AE0402" "unsupported-keyword";
    UNSUPPORTED_ARGUMENT = "AE0403" "unsupported-argument";
    NO_MODULE = "AE0404" "no-module";
    MISSING_FILE = "AE0405" "missing-file";
    BAD_TEMPLATE = "AE0406" "bad-template";
    UNDEFINED_VARIABLE = "AE0407" "undefined-variable";
    NEEDS_SEGMENT = "AE0408" "needs-segment";
    NO_CONDITION = "AE0409" "no-condition";
    BARE_MODE = "AE0410" "bare-mode";
    UNKNOWN_HANDLER = "AE0411" "unknown-handler";
    ROLE_LOOP = "AE0412" "role-loop";
    NO_CLUSTERS = "AE0501" "no-clusters";
    BAD_ADDRESS = "AE0502" "bad-address";
    DUPLICATE_ADDRESS = "AE0503" "duplicate-address";
    BAD_USER = "AE0504" "bad-user";
    BAD_PATH = "AE0505" "bad-path";
    NO_MACHINE = "AE0506" "no-machine";
    BAD_REGION = "AE0507" "bad-region";
    BAD_IMAGE = "AE0508" "bad-image";
    BAD_RANGE = "AE0509" "bad-range";
    OPEN_TO_ALL = "AE0510" "open-to-all";
    COST_ABOVE_LIMIT = "AE0511" "cost-above-limit";
    COST_UNKNOWN = "AE0512" "cost-unknown";
    NO_HOSTS = "AE0531" "no-hosts";
    BAD_CONTEXT = "AE0532" "bad-context";
    BAD_NAMESPACE = "AE0533" "bad-namespace";
    BAD_REGISTRY = "AE0534" "bad-registry";
    BAD_DIGEST = "AE0535" "bad-digest";
    NO_COMMAND = "AE0536" "no-command";
    REPLICAS_OF_A_JOB = "AE0537" "replicas-of-a-job";
    BAD_QUANTITY = "AE0538" "bad-quantity";
}
