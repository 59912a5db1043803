device 0000:17:00.0 0x10de 0x2335 0x030200
module 580.65.06 'Open Kernel Module for x86_64'
library 580.65.06
secure_boot 0
program nvidia-smi <<'END'
echo 'NVIDIA H200, 143771, 580.65.06, 9.0, Disabled'
END
