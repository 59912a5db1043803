for number in 0 1 2 3 4 5 6 7; do
  device "0000:0$number:00.0" 0x10de 0x20b2 0x030200
done
for number in 0 1 2 3 4 5; do
  device "0000:a$number:00.0" 0x10de 0x1af1 0x068000
done
module 570.124.06 'x86_64 Kernel Module'
library 570.124.06
secure_boot 0
program systemctl <<'END'
echo inactive
exit 3
END
program nvidia-smi <<'END'
for number in 0 1 2 3 4 5 6 7; do
  echo 'NVIDIA A100-SXM4-80GB, 81920, 570.124.06, 8.0, Disabled'
done
END
