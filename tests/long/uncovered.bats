#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# Real programs that the shim cannot be loaded into, as children of a covered shell: they
# have its /tmp, and say what they say without the shim.
#
# shellcheck disable=SC2016,SC2030,SC2031 # expanded by inner shells; subshells

load ../common

setup() {
	local said

	[[ -z ${PRIVTMP_SANITIZER:-} ]] || skip "the sanitizers' run-time has paths of its own"
	DIR=$(scratch)
	export DIR
	cd "$DIR" || return
	said=$(env PRIVTMP_UNCOVERED=mount LD_PRELOAD="$SHIM" /sbin/ldconfig -p 2>&1) ||
		skip "no mount namespace here: $said"
}

# need PROGRAM...: skip unless these are there, each a static one.
need_static() {
	local program

	for program; do
		program=$(command -v "$program") || skip "needs a static ${program:-$1}"
		! readelf -l "$program" 2>/dev/null | grep -q INTERP || skip "$program is not static"
	done
}

# alike SCRIPT [ARG]...: by root and by a user, SCRIPT says the same in an empty /tmp of
# its own and under the shim, and nothing is left.
alike() {
	local as

	for as in env as_user; do
		[[ $as == env ]] || [[ $(id -u) -eq 0 ]] || continue
		own_tmp "$as" "$@" >"$BATS_TEST_TMPDIR/bare" 2>&1
		"$as" env LD_PRELOAD="$SHIM" bash -c "$@" >"$BATS_TEST_TMPDIR/with" 2>&1
		diff "$BATS_TEST_TMPDIR/bare" "$BATS_TEST_TMPDIR/with"
		[[ -s $BATS_TEST_TMPDIR/with ]]
	done
	assert_no_session
}

# own_tmp AS SCRIPT [ARG]...: in a mount namespace with an empty /tmp.
own_tmp() {
	local as=$1

	shift
	[[ $(id -u) -eq 0 ]] || skip "needs root, to mount an empty /tmp"
	AS=$as unshare -m bash -c '
		mount -t tmpfs -o mode=1777 none /tmp
		if [[ $AS == as_user ]]; then
			exec setpriv --reuid="$TEST_UID" --regid="$TEST_UID" --clear-groups \
				--inh-caps=-all -- bash -c "$@"
		fi
		exec bash -c "$@"' bash "$@"
}

@test "busybox: a script of its applets and of other programs, over one file" {
	# Debian's has it in a package that is not installed beside the other.
	if ! readelf -l "$(command -v busybox)" 2>/dev/null | grep -q INTERP; then
		ln -s "$(command -v busybox)" busybox
	else
		(cd "$BATS_TEST_TMPDIR" && apt-get download busybox-static >/dev/null 2>&1 &&
			dpkg -x busybox-static_*.deb .) || skip "needs a static busybox"
		cp "$BATS_TEST_TMPDIR/bin/busybox" .
	fi
	alike 'B=$DIR/busybox
		echo one >/tmp/f; $B cat /tmp/f
		$B sh -c "echo two >>/tmp/f; cat /tmp/f; /bin/cat /tmp/f; $B cat /tmp/f | /usr/bin/wc -l"
		cd /tmp; $B pwd; $B ls; ls; $B ln -s /tmp/f l; readlink l; cat l
		$B mv f g; cat g; mv g f; $B rm l; $B mkfifo p; (cat p &) ; $B echo by pipe >p; sleep 0.3
		$B tar cf t.tar f; tar xOf t.tar; $B sh -c "exit 3"; echo $?
		$B sh -c "kill -TERM \$\$"; echo $?'
}

@test "zsh and sash, linked statically" {
	need_static zsh-static sash
	alike 'echo z >/tmp/f; zsh-static -fc "cat /tmp/f; echo y >>/tmp/f; print -r -- \$(</tmp/f)"
		cat /tmp/f; sash -c "-ls /tmp"; sash -c "-cp /tmp/f /tmp/g"; cat /tmp/g'
}

@test "ldconfig, which is static on Debian" {
	need_static /sbin/ldconfig
	alike 'mkdir /tmp/lib; cp -L /lib/*/libz.so.1 /tmp/lib/libz.so.1.2; /sbin/ldconfig -n /tmp/lib
		ls /tmp/lib; /sbin/ldconfig -C /tmp/cache -f /dev/null /tmp/lib; /sbin/ldconfig -C /tmp/cache -p | sed 1d'
}

@test "go build, with cgo and without, go run and go test" {
	command -v go >/dev/null || skip "needs go"
	mkdir go
	cat >go/plain.go <<-'END'
		package main
		import ("fmt"; "os"; "os/exec")
		func main() {
			f, err := os.CreateTemp("", "go")
			if err != nil { panic(err) }
			defer os.Remove(f.Name())
			os.WriteFile("/tmp/bygo", []byte("go\n"), 0644)
			out, _ := exec.Command("cat", "/tmp/bygo").Output()
			fmt.Print(string(out))
		}
	END
	cat >go/cgo.go <<-'END'
		package main
		// #include <stdio.h>
		// static int first(void) { FILE *f = fopen("/tmp/bygo", "r"); return f ? fgetc(f) : -1; }
		import "C"
		import "fmt"
		func main() { fmt.Println(C.first()) }
	END
	cat >go/one_test.go <<-'END'
		package main
		import ("os"; "testing")
		func TestOne(t *testing.T) {
			if b, err := os.ReadFile("/tmp/bygo"); err != nil || string(b) != "go\n" { t.Fatal(err) }
		}
	END
	chmod -R a+rwX .
	export GOFLAGS=-mod=mod GO111MODULE=off
	alike 'cd "$DIR/go"; export HOME=/var/tmp/go-$$ ; mkdir $HOME
		CGO_ENABLED=0 go build -o /tmp/plain plain.go && /tmp/plain
		CGO_ENABLED=1 go build -o /tmp/cgo cgo.go && /tmp/cgo
		go run plain.go
		go test one_test.go | sed "s/[0-9.]*s$//"; rm -rf $HOME
		ls /tmp'
}

@test "valgrind: its tools have the /tmp of the program in it, and vgdb finds them" {
	command -v valgrind >/dev/null || skip "needs valgrind"
	run -0 shimmed bash -c 'valgrind -q --log-file=/tmp/log touch /tmp/file; ls /tmp
		valgrind -q --vgdb=yes sleep 20 & for i in $(seq 100); do
			vgdb -l 2>/dev/null | grep -q sleep && break; sleep 0.1; done
		vgdb -l | sed "s/.*for//"; vgdb v.info n_errs_found 2>&1 | grep -c n_errs; kill $!; wait'
	assert_line --index 0 file
	assert_line --index 1 log
	assert_line --partial "sleep 20"
	[[ ! -e /tmp/file && ! -e /tmp/log ]]
	assert_no_session 10
}

@test "qemu's guests" {
	command -v qemu-aarch64-static >/dev/null || skip "needs qemu-user-static"
	if command -v go >/dev/null; then
		cat >guest.go <<-'END'
			package main
			import ("fmt"; "os")
			func main() {
				b, _ := os.ReadFile("/tmp/in")
				fmt.Print(string(b))
				fmt.Println(os.WriteFile("/tmp/out", b, 0644))
			}
		END
		HOME=$BATS_TEST_TMPDIR GO111MODULE=off GOARCH=arm64 go build -o guest guest.go
	else
		aarch64-linux-gnu-gcc -static -o guest "$PRIVTMP_SOURCE/tests/progs/run_static.c" ||
			skip "needs a compiler for aarch64"
	fi
	alike 'echo x >/tmp/in; qemu-aarch64-static "$DIR/guest" /tmp/out; cat /tmp/out; ls /tmp'
}

@test "static programs of musl, and of the machine's other word size" {
	local made=

	if ${CC:-cc} -m32 -static -o small "$PRIVTMP_SOURCE/tests/progs/run_static.c" 2>/dev/null; then
		made+=" small"
	fi
	if musl-gcc -static -o musl "$PRIVTMP_SOURCE/tests/progs/run_static.c" 2>/dev/null; then
		made+=" musl"
	fi
	[[ $made ]] || skip "needs musl-gcc, or a compiler with -m32 -static"
	MADE=$made alike 'for p in $MADE; do "$DIR/$p" /tmp/$p; cat /tmp/$p; done; ls /tmp'
}

@test "a program of musl's, linked dynamically, starts, and has its parent's /tmp" {
	musl-gcc -o musl "$PRIVTMP_SOURCE/tests/progs/run_static.c" 2>/dev/null ||
		skip "needs musl-gcc"
	./musl bare || skip "musl's programs do not run here"
	alike 'PATH=/none:$DIR:$PATH; musl /tmp/x; cat /tmp/x; env musl /tmp/y; /bin/ls /tmp'
}

@test "a 32-bit program without a shim of its own has its parent's /tmp" {
	${CC:-cc} -m32 -o small "$PRIVTMP_SOURCE/tests/progs/run_static.c" 2>/dev/null ||
		skip "needs a compiler with -m32"
	run -0 shimmed sh -c './small /tmp/x; cat /tmp/x'
	assert_line ran
	[[ ! -e /tmp/x ]]
	assert_no_session
}

@test "sudo, su and passwd go on working for a user, and with root's /tmp for root" {
	need_users
	command -v sudo >/dev/null || skip "needs sudo"
	as_nobody() { as_id 65534 "$@"; }
	id -un 65534 >/dev/null 2>&1 || skip "there is no user nobody"
	script='sudo -n true; echo $?; sudo -V | head -n 1; passwd -S | cut -d" " -f1; umount /mnt; echo $?'
	as_nobody bash -c "$script" >bare 2>&1
	run -0 --separate-stderr as_nobody env LD_PRELOAD="$SHIM" bash -c "exec 5>&2 2>&1; $script"
	diff bare <(grep -v '^privtmp: ' <<<"$output")
	[[ $(grep -c '^privtmp: ' <<<"$output") -eq 1 ]]
	run -0 shimmed bash -c 'echo x >/tmp/x; sudo -u nobody cat /tmp/x; su -s /bin/sh nobody -c "cat /tmp/x"
		passwd -S nobody | cut -d" " -f1'
	assert_output $'x\nx\nnobody'
	assert_no_session
}
