mkdir repos
printf '[main]\nbaseurl = https://example.org/main\nname = Main\n\n[gone]\nName=Gone\nbaseurl: https://example.org/gone\n' >repos/shared.repo
