device 0000:17:00.0 0x10de 0x20b2 0x030200
device 0000:18:00.0 0x10de 0x20b2 0x030200
module 570.124.06 'x86_64 Kernel Module'
library 570.124.06
program nvidia-smi <<'END'
echo 'NVIDIA A100-SXM4-80GB, 81920, 570.124.06, 8.0, Disabled'
echo 'Unable to determine the device handle for GPU0000:18:00.0: Unknown Error'
exit 15
END
