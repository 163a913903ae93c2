# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2012,SC2016 # the output of ls is what is compared
# make: a makefile on standard input goes to /tmp, so does the output that -O holds back.
set -eu
make -f - << 'END'
all: ; @echo from standard input
END
mkdir -p /tmp/project/sub
cd /tmp/project
cat > Makefile << 'END'
DIRS := $(wildcard /tmp/project/s*)
out.txt: a.txt b.txt
	cat $^ > $@
	@echo $(CURDIR) $(realpath ../project/a.txt) $(abspath a.txt)
%.txt:
	echo $* > $@
sub: out.txt
	$(MAKE) -C sub
	@echo $(DIRS)
.PHONY: sub
END
printf 'all: one two\n\t@echo $(PWD) $(MAKELEVEL)\none two:\n\t@echo $@; touch $@\n' > sub/Makefile
make sub
make sub
touch -d '1 hour ago' a.txt b.txt
touch out.txt
make -q out.txt && echo up to date
touch -d '2 hours ago' out.txt
make -q out.txt || echo "to do: $?"
make -C /tmp/project -n out.txt
printf 'all: a b c d\na b c d:\n\t@echo $@ begins; echo $@ ends\n' > par.mk
make -j2 -O -f par.mk | sort
make -f /tmp/project/absent.mk || echo "status $?"
make -f /dev/null none || echo "status $?"
cd /
rm -r /tmp/project
ls -A /tmp
