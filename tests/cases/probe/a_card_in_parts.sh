# MIG: the card is one to nvidia-smi, and several to programs.
device 0000:17:00.0 0x10de 0x20b5 0x030200
module 580.65.06 'Open Kernel Module for x86_64'
library 580.65.06
program nvidia-smi <<'END'
echo 'NVIDIA A100 80GB PCIe, 81920, 580.65.06, 8.0, Enabled'
END
