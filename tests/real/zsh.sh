# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2012,SC2016 # the output of ls is what is compared
# zsh and mksh write here-documents and here-strings to /tmp; zsh's =(...) leaves a file there
# for as long as one command runs.
set -eu
cat > s.zsh << 'END'
setopt extended_glob
cat <<E
doc
E
md5sum <<< "$(seq 1 20000)"
diff =(print -l a b c) =(print -l a x c)
print -r -- =(true) | sed -E 's/[A-Za-z0-9]{6}$/RANDOM/'
cd /tmp; print $PWD; pwd -r
print a > b1; print b > b2
print -l /tmp/*(.) ./b?(:A) /tmp/**/*(.N)
zmodload zsh/stat; zstat -H s /tmp; print $s[nlink] $(( s[mode] & 07777 ))
zmodload zsh/net/socket; zsocket -l /tmp/sock; ls -F /tmp/sock
rm -f /tmp/*(-.) /tmp/sock
ls -A /tmp
END
zsh -f s.zsh
cat > s.ksh << 'END'
cat <<E
doc $((1 + 1))
E
cat <<< "string"
cd /tmp; echo "$PWD"; pwd -P; cd ..; pwd
print x > /tmp/x; cat /tmp/x; print -- /tmp/x*
cd tmp; realpath x; rm x; ls -A
END
mksh s.ksh
