"""Proves that modules import and compute: `python prove.py [--gpus COUNT] MODULE...` prints one JSON object per module.

Each module is proved in a process of its own, so that one which dies takes no other with it. A matrix product runs on
every GPU that the framework sees and is compared with the CPU's in double precision. With `--gpus` the framework must
see exactly that many. Needs nothing but the modules; writes nothing; ends with status 1 when something does not work.
"""

import importlib
import importlib.metadata
import importlib.util
import json
import os
import re
import signal
import sys
import tempfile
import time

SIZE = 1024  # rows and columns of the product
ROUNDS = 5  # the fastest one counts
TOLERANCE = 1e-4  # of the largest element; sums of 1024 float32 products stay well below
PATIENCE = 900  # seconds for one module
LOG = 700  # characters of what a framework said on its way

os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")
os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")


def dotted(number):
    """cuDNN's number as people write it: 91002 is 9.10.2, 8902 is 8.9.2."""
    major = number // 10000 if number >= 90000 else number // 1000
    rest = number - major * (10000 if number >= 90000 else 1000)
    return f"{major}.{rest // 100}.{rest % 100}"


def packaged(*names):
    """The version of the first package whose name begins so: the CUDA libraries that wheels bring."""
    for distribution in importlib.metadata.distributions():
        name = (distribution.metadata["Name"] or "").lower().replace("_", "-")
        if any(re.fullmatch(rf"{wanted}(-cu\d+)?", name) for wanted in names):
            return distribution.version
    return None


def driver():
    """The version of the loaded NVIDIA driver."""
    try:
        with open("/proc/driver/nvidia/version", encoding="ascii", errors="replace") as file:
            found = re.search(r"\b(\d{3}\.\d+(\.\d+)*)\b", file.readline())
            return found and found.group(1)
    except OSError:
        return None


def compare(product, reference, wait):
    """Milliseconds of the fastest product, and its largest difference as a share of the largest element."""
    wait(product())  # what is made only once is not measured
    fastest = None
    for _ in range(ROUNDS):
        start = time.perf_counter()
        result = wait(product())
        taken = (time.perf_counter() - start) * 1000
        fastest = taken if fastest is None else min(fastest, taken)
    return fastest, reference(result)


def torch(proof):
    import torch as m

    proof["cuda"] = m.version.cuda
    proof["cudnn"] = m.backends.cudnn.version() and dotted(m.backends.cudnn.version())
    if m.distributed.is_available() and m.cuda.is_available():
        proof["nccl"] = ".".join(map(str, m.cuda.nccl.version()))
    if not m.cuda.is_available():
        try:
            m.cuda.init()
        except (RuntimeError, AssertionError) as why:
            proof["reason"] = str(why)
    count = m.cuda.device_count() if m.cuda.is_available() else 0
    for index in range(count):
        about = m.cuda.get_device_properties(index)
        gpu(proof, about.name, f"{about.major}.{about.minor}", about.total_memory)
    one = (m.arange(SIZE * SIZE, dtype=m.float64).reshape(SIZE, SIZE) % 13 - 6) / 6
    two = (m.arange(SIZE * SIZE, dtype=m.float64).reshape(SIZE, SIZE) % 11 - 5) / 5
    truth = one @ two

    def wait(result):
        if result.is_cuda:
            m.cuda.synchronize(result.device)
        return result

    for place in [f"cuda:{index}" for index in range(count)] or ["cpu"]:
        a, b = one.float().to(place), two.float().to(place)
        measured(proof, compare(lambda: a @ b, lambda r: float((r.cpu().double() - truth).abs().max() / truth.abs().max()), wait))
    if importlib.util.find_spec("numpy"):
        m.ones(1).numpy()
    for companion in ("torchvision", "torchaudio"):
        if importlib.util.find_spec(companion):
            proof.setdefault("companions", {})[companion] = importlib.import_module(companion).__version__


def tensorflow(proof):
    import tensorflow as m

    build = m.sysconfig.get_build_info()
    proof["cuda"], proof["cudnn"] = build.get("cuda_version"), packaged("nvidia-cudnn") or build.get("cudnn_version")
    gpus = m.config.list_physical_devices("GPU")
    if not gpus and not build.get("is_cuda_build"):
        proof["reason"] = "this tensorflow is built for the CPU"
    for one in gpus:
        about = m.config.experimental.get_device_details(one)
        gpu(proof, about.get("device_name"), ".".join(map(str, about.get("compute_capability") or ())))
    m.config.experimental.enable_tensor_float_32_execution(False)
    numbers = m.reshape(m.range(SIZE * SIZE, dtype=m.float64), (SIZE, SIZE))
    one, two = (m.math.floormod(numbers, 13) - 6) / 6, (m.math.floormod(numbers, 11) - 5) / 5
    with m.device("/CPU:0"):
        truth = m.linalg.matmul(one, two)

    def difference(result):
        with m.device("/CPU:0"):
            far = m.reduce_max(m.abs(m.cast(result, m.float64) - truth))
            return float(far / m.reduce_max(m.abs(truth)))

    for place in [f"/GPU:{index}" for index in range(len(gpus))] or ["/CPU:0"]:
        with m.device(place):
            a, b = m.identity(m.cast(one, m.float32)), m.identity(m.cast(two, m.float32))
            # Reading one element waits for the whole product.
            measured(proof, compare(lambda: m.linalg.matmul(a, b), difference, lambda r: (r[0, 0].numpy(), r)[1]))


def jax(proof):
    import jax as m

    gpus = [one for one in m.devices() if one.platform in ("gpu", "cuda")]
    proof["cuda"] = packaged("nvidia-cuda-runtime")
    proof["cudnn"] = packaged("nvidia-cudnn")
    for one in gpus:
        gpu(proof, one.device_kind, str(getattr(one, "compute_capability", "")))
    if not gpus and not (packaged("jax-cuda12-plugin") or packaged("jax-cuda13-plugin")):
        proof["reason"] = "this jax is built for the CPU"
    np = importlib.import_module("numpy")
    numbers = np.arange(SIZE * SIZE, dtype=np.float64).reshape(SIZE, SIZE)
    one, two = (numbers % 13 - 6) / 6, (numbers % 11 - 5) / 5
    truth = one @ two
    for place in gpus or m.devices("cpu")[:1]:
        a, b = (m.device_put(matrix.astype(np.float32), place) for matrix in (one, two))
        product = lambda: m.numpy.matmul(a, b, precision="highest")
        far = lambda r: float(np.abs(np.asarray(r, dtype=np.float64) - truth).max() / np.abs(truth).max())
        measured(proof, compare(product, far, lambda r: r.block_until_ready()))


def sklearn(proof):
    linear = importlib.import_module("sklearn.linear_model")
    found = float(linear.LinearRegression().fit([[0], [1]], [0, 4]).predict([[2]])[0])
    proof["max_difference"] = abs(found - 8) / 8


COMPUTE = {"torch": torch, "tensorflow": tensorflow, "jax": jax, "sklearn": sklearn}
ON_GPUS = ("torch", "tensorflow", "jax")


def gpu(proof, name, capability, memory=None):
    entry = {"name": name, "compute_capability": capability or None, "memory_mib": memory and memory // 2**20}
    proof["gpus"].append({key: value for key, value in entry.items() if value is not None})


def measured(proof, result):
    """Keeps the slowest device and the largest difference."""
    milliseconds, difference = result
    proof["milliseconds"] = round(max(milliseconds, proof.get("milliseconds", 0)), 3)
    proof["max_difference"] = max(difference, proof.get("max_difference", 0))


def prove(name, expected):
    """What there is to say of one module, in this process."""
    proof = {"proof": 1, "module": name, "works": False, "gpus": []}
    try:
        module = importlib.import_module(name)
        proof["version"] = getattr(module, "__version__", None)
        proof["python"] = ".".join(map(str, sys.version_info[:3]))
        if name in COMPUTE:
            COMPUTE[name](proof)
        judge(proof, name, expected)
    except BaseException as why:  # whatever it is, it is the answer
        proof["error"] = f"{type(why).__name__}: {why}"
    return proof


def judge(proof, name, expected):
    """Whether what was computed is what was asked for."""
    count = len(proof["gpus"])
    far = proof.get("max_difference", 0)
    if name in ON_GPUS:
        proof["device"] = "gpu" if count else "cpu"
        proof["driver"] = driver()
        proof.setdefault("nccl", packaged("nvidia-nccl"))
        if not count:
            proof["note"] = "no GPU: computed on the CPU"
    if not far <= TOLERANCE:
        proof["error"] = f"the product is off by {far:.1e}, where {TOLERANCE:.0e} is the most"
    elif name in ON_GPUS and expected is not None and count != expected:
        proof["error"] = f"{expected} declared, and {name} sees {count or 'no'} GPU{'s' if count > 1 else ''}"
    else:
        proof["works"] = True


def apart(name, expected):
    """Proves one module in a process of its own; what that says besides goes into `log`."""
    with tempfile.TemporaryFile() as answer, tempfile.TemporaryFile() as said:
        child = os.fork()
        if child == 0:
            signal.alarm(PATIENCE)
            os.dup2(said.fileno(), 1)
            os.dup2(said.fileno(), 2)
            os.write(answer.fileno(), json.dumps(prove(name, expected)).encode())
            os._exit(0)
        status = os.waitpid(child, 0)[1]
        answer.seek(0)
        said.seek(0)
        text, log = answer.read().decode(), said.read().decode(errors="replace")
    if text:
        proof = json.loads(text)
    else:
        ended = f"by signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else f"with status {status >> 8}"
        proof = {"proof": 1, "module": name, "works": False, "gpus": [], "error": f"importing or computing ended {ended}"}
    if not proof["works"]:
        proof["log"] = telling(log)
    return {key: short(value) for key, value in proof.items() if value not in (None, "")}


def telling(log):
    """The lines that say why, as far as there is room; the last ones when none does."""
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    why = [line for line in lines if re.search(r"cuda|dlopen|nvidia|driver|symbol|GLIBC|PTX|Error", line, re.I)]
    return "\n".join(line[:300] for line in why or lines)[-LOG:]


def short(value):
    return value[-LOG:] if isinstance(value, str) else value


def main(words):
    expected = None
    if words[:1] == ["--gpus"]:
        expected, words = int(words[1]), words[2:]
    works = True
    for name in words:
        proof = apart(name, expected)
        works = works and proof["works"]
        print(json.dumps(proof), flush=True)
    return 0 if works else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
