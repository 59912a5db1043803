device 0000:17:00.0 0x10de 0x2684 0x030000
device 0000:17:00.1 0x10de 0x22ba 0x040300
device 0000:65:00.0 0x10de 0x1eb8 0x030200
module 580.65.06 'Open Kernel Module for x86_64'
library 580.65.06
program nvidia-smi <<'END'
echo 'NVIDIA GeForce RTX 4090, 24564, 580.65.06, 8.9, [N/A]'
echo 'Tesla T4, 15360, 580.65.06, 7.5, [N/A]'
END
