"""Stands in for torch where no GPU is to be had: says what PRETEND tells, and computes nothing."""

import os
import signal

__version__ = "9.9.9"
PRETEND = os.environ["PRETEND"]
float64 = None

if PRETEND == "shadowed":
    raise ImportError("libcusparse.so.12: undefined symbol: __nvJitLinkAddData_12_1, version libnvJitLink.so.12")
if PRETEND == "dies":
    os.kill(os.getpid(), signal.SIGSEGV)


class Matrix:
    is_cuda = True
    device = "cuda:0"

    def __init__(self, value=7.0):
        self.value = value

    def same(self, *_, **__):
        return self

    reshape = float = to = double = abs = numpy = __mod__ = __truediv__ = same

    def __sub__(self, other):
        return Matrix(self.value - other.value) if isinstance(other, Matrix) else self

    def __matmul__(self, other):
        return Matrix()

    def cpu(self):
        return Matrix(8.0) if PRETEND == "wrong" else self

    def max(self):
        return abs(self.value)


def arange(*_, **__):
    return Matrix()


ones = arange


class version:
    cuda = "13.0"


class distributed:
    is_available = staticmethod(lambda: True)


class backends:
    class cudnn:
        version = staticmethod(lambda: 91900)


class cuda:
    is_available = staticmethod(lambda: PRETEND in ("two", "wrong"))
    device_count = staticmethod(lambda: 2)
    synchronize = staticmethod(lambda device: None)

    class nccl:
        version = staticmethod(lambda: (2, 28, 9))

    @staticmethod
    def init():
        raise RuntimeError("Unexpected error from cudaGetDeviceCount(). Error 802: system not yet initialized")

    class get_device_properties:
        name, major, minor, total_memory = "NVIDIA A100-SXM4-80GB", 8, 0, 85899345920

        def __init__(self, index):
            pass
