mkdir site kept
printf 'one\n' >site/one
printf 'two\n' >site/two
printf 'old\n' >kept/two
