library_path=/usr/local/cuda/lib64
echo 'LD_LIBRARY_PATH="/usr/local/cuda-12.4/lib64:/opt/x"' >"$made/etc/environment"
echo '# export LD_LIBRARY_PATH=/nowhere' >"$made/etc/profile.d/quiet.sh"
echo 'export LD_LIBRARY_PATH=/opt/conda/lib:$LD_LIBRARY_PATH' >"$made/home/.bashrc"
echo '/usr/local/cuda-12.4/targets/x86_64-linux/lib' >"$made/etc/ld.so.conf.d/988_cuda-12.conf"
echo '/opt/other/lib' >"$made/etc/ld.so.conf.d/other.conf"
