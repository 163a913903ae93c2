# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# What walks trees each in its own way: grep, ripgrep, fd, tree, ctags, bash's **. The last
# ones are written in Rust and make many of their calls from several threads.
set -eu
mkdir -p /tmp/t/sub/deep /tmp/t/.hidden
echo 'int needle(void) { return 0; }' > /tmp/t/sub/a.c
echo 'needle' > /tmp/t/sub/deep/b.txt
echo 'needle' > /tmp/t/.hidden/c
echo '*.txt' > /tmp/t/.ignore
ln -s /tmp/t/sub /tmp/t/absolute
ln -s sub/deep /tmp/t/relative
ln -s .. /tmp/t/sub/deep/loop
for i in $(seq 1 200); do echo "$i" > "/tmp/t/sub/n$i"; done
grep -rl needle /tmp/t | sort
grep -Rl needle /tmp/t 2> /dev/null | sort
(cd /tmp/t && grep -rc needle sub/a.c ./relative/ ../t/absolute/a.c)
rg -l --sort path needle /tmp/t
rg -l --sort path --hidden --no-ignore -L needle /tmp/t 2> /dev/null || :
(cd /tmp && rg --sort path -n needle t/sub && rg --files t | wc -l)
rg needle /tmp/absent || echo "status $?"
fdfind . /tmp/t -e c -e txt -a | sort
(cd /tmp/t && fdfind -t l -H | sort && fdfind -L -t f 'b.txt' . 2> /dev/null | sort)
fdfind '^n1.$' /tmp -x wc -c {} | sort
tree -a -I 'n*' /tmp/t
ctags -R -f /tmp/tags --sort=yes /tmp/t/sub && grep -v '^!' /tmp/tags
(cd /tmp && ctags -x t/sub/a.c)
shopt -s globstar nullglob dotglob
printf '%s\n' /tmp/t/**/[abc]*
for f in /tmp/t/*/; do echo "$f"; done
rm -r /tmp/*
