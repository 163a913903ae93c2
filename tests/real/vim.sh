# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2012,SC2016 # the output of ls is what is compared
# vim: swap and undo files in /tmp, filters through files there, and files that are there.
set -eu
v() { vim -u NONE -i NONE -N -n -es "$@" || echo "status $?"; }
printf 'c\nb\na\n' > text
v -c '%!sort' -c 'r !echo read' -c 'w! >> /tmp/appended' -c 'wq' text
cat text /tmp/appended
v -c "put =substitute(tempname(), '/v[^/]*/', '/vRANDOM/', '')" -c 'g/^$/d' -c '%p' -c 'q!'
echo
# A swap file where the option says: an unsaved change is recovered from there.
cat > swap.vim << 'END'
set swapfile directory=/tmp// updatecount=1 undofile undodir=/var/tmp
edit /tmp/file
call setline(1, ['first', 'second'])
write
call setline(2, 'unsaved')
preserve
redir! > /tmp/messages
silent echo glob('/tmp/*', 0, 1) getcwd() expand('%:p') isdirectory('/tmp')
silent swapname
redir END
cd /tmp
pwd
call writefile([getcwd(), fnamemodify('file', ':p'), resolve('/tmp/x'), string(filereadable('file'))], 'out')
!cp /tmp/.*.swp /tmp/*.swp $HOME/ 2> /dev/null
quit!
END
vim -u NONE -i NONE -N -es -S swap.vim || echo "status $?"
cat /tmp/messages /tmp/out
echo
ls -A /tmp /var/tmp "$HOME"
cp ./*.swp /tmp/
vim -u NONE -i NONE -N -es --cmd 'set directory=/tmp//' \
	-c 'silent! recover /tmp/file' -c 'w! /tmp/recovered' -c 'q!' > log 2>&1 || echo "status $?"
cat /tmp/recovered
v -c 'set backup backupdir=/tmp/bak' -c 'call mkdir("/tmp/bak/deep", "p")' -c 's/a/A/' -c w -c q text
ls -R /tmp/bak
v -d -c 'diffput' -c 'wqa' text /tmp/recovered
cat /tmp/recovered
cd /tmp && v -c 'e recovered' -c 's/^/x/' -c 'x'
cat recovered
v -c 'call delete("/tmp/bak", "rf")' -c 'echo isdirectory("/tmp/bak")' -c 'q'
find /tmp/bak || :
rm -f /tmp/* /tmp/.*.swp /var/tmp/*
ls -A /tmp
