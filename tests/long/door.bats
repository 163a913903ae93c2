#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# The mount door with real programs, under attack, and its price.
#
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2153,SC2154 # inner shells; subshells; names

load ../common
load matrix
load ../run
load ../door

setup() {
	NAME=privtmp-door-$$-$RANDOM
	STRANGE=''
	RUN=("$PRIVTMP" run)
	need_door
	not_nested_sanitizer
	DIR=$(scratch)
	export DIR
}

# need PROGRAM: its path, or skip.
need() {
	command -v "$1" || skip "needs $1"
}

# alike COMMAND [ARG]...: by root, a user and root without CAP_SYS_ADMIN, it says the same
# by mounts as in a namespace with an empty /tmp, and nothing is left.
alike() {
	local who

	for who in root user container; do
		unshare --mount --propagation private sh -c 'mount -t tmpfs -o mode=1777 tmp /tmp && exec "$@"' sh \
			setpriv --bounding-set=+all bash -c "$(declare -f as as_user as_id); as $who \"\$@\"" bash "$@" \
			>"$DIR/bare" 2>&1 </dev/null || :
		as "$who" "${RUN[@]}" --backend mount "$@" >"$DIR/with" 2>&1 </dev/null || :
		diff "$DIR/bare" "$DIR/with"
		[[ -s $DIR/with ]]
	done
	assert_no_session
}

@test "no attack on a victim behind the mount door succeeds, or leaves anything" {
	matrix_holds --door
}

@test "static shells mix with dynamic programs over one file" {
	local shell

	for shell in zsh-static sash; do
		shell=$(need "$shell")
		alike "$shell" -c "echo one >/tmp/$NAME
			sed -i s/one/two/ /tmp/$NAME
			bash -c 'cat /tmp/$NAME; $shell -c \"echo three >>/tmp/$NAME\"'
			cat /tmp/$NAME"
	done
}

@test "Go builds, tests and runs, with cgo and without" {
	local cgo

	need go >/dev/null
	mkdir "$DIR/try"
	cat >"$DIR/try/go.mod" <<<'module try'
	cat >"$DIR/try/main.go" <<-'END'
		package main

		import (
			"fmt"
			"os"
		)

		func name() string {
			file, err := os.CreateTemp("", "go")
			if err != nil {
				panic(err)
			}
			defer os.Remove(file.Name())
			return file.Name()
		}

		func main() { fmt.Println(name()[:7]) }
	END
	cat >"$DIR/try/main_test.go" <<-'END'
		package main

		import "testing"

		func TestName(t *testing.T) {
			if name()[:5] != "/tmp/" {
				t.Fail()
			}
		}
	END
	for cgo in 0 1; do
		run -0 env HOME="$DIR" GOFLAGS=-mod=mod CGO_ENABLED=$cgo "${RUN[@]}" sh -c "cd $DIR/try &&
			go build -o main . && ./main && go test . >/dev/null && ls -A /tmp"
		assert_output /tmp/go
		run -0 "${RUN[@]}" "$DIR/try/main"
		assert_output /tmp/go
	done
	assert_no_session
}

@test "a static program of 32 bits, alone, as a child and as qemu's guest" {
	local cross

	cross=$(compgen -c i686-linux-gnu-gcc | sort | head -n 1)
	if [[ -n $cross ]]; then
		CC=$cross make_static
	else
		make_static -m32
	fi
	run -0 as_user "${RUN[@]}" "$STATIC" run "$STATIC" put "/tmp/$NAME" x
	[[ ! -e /tmp/$NAME ]]
	need qemu-i386-static >/dev/null
	run -0 as_user "${RUN[@]}" qemu-i386-static "$STATIC" put "/tmp/$NAME" x
	[[ ! -e /tmp/$NAME ]]
}

@test "valgrind's tools work, and leave nothing" {
	need valgrind >/dev/null
	run -0 as_user env HOME="$DIR" "${RUN[@]}" --backend mount valgrind -q sh -c "echo x >/tmp/$NAME; cat /tmp/$NAME"
	assert_output x
	[[ ! -e /tmp/$NAME ]]
	assert_no_session
}

@test "vgdb finds a valgrind behind the door, by files in its /tmp" {
	need valgrind >/dev/null
	need vgdb >/dev/null
	run -0 as_user env HOME="$DIR" "${RUN[@]}" --backend mount bash -c '
		valgrind -q --vgdb=yes sleep 30 & for i in $(seq 100); do
			vgdb -l 2>/dev/null | grep -q sleep && break; sleep 0.1; done
		vgdb -l | sed "s/.*for//"; vgdb v.info n_errs_found 2>&1 | grep -c "n_errs_found 0"
		ls /tmp | grep -c "^vgdb-pipe"; kill $!; wait; ls /tmp'
	assert_line --index 0 --partial "sleep 30"
	assert_line --index 1 1
	assert_line --index 2 3
	[[ ${#lines[@]} -eq 3 ]]
	assert_no_session
}

@test "Chromium, with its sandbox of namespaces, runs a page, and leaves nothing" {
	local way

	need chromium >/dev/null
	mkdir "$DIR/home"
	chown "$TEST_UID" "$DIR/home"
	cat >"$DIR/page.html" <<-'END'
		<p id=x>no script</p><script>x.textContent = "ran " + 6 * 7</script>
	END
	page=(chromium --headless --disable-gpu --dump-dom "file://$DIR/page.html")
	run -0 --separate-stderr as_user env HOME="$DIR/home" timeout 60 "${page[@]}" </dev/null
	[[ $output == *">ran 42</p>"* ]] || skip "chromium does not run here"
	for way in mount preload; do
		run -0 --separate-stderr as_user env HOME="$DIR/home" timeout 120 \
			"${RUN[@]}" --backend $way "${page[@]}" </dev/null
		assert_output --partial ">ran 42</p>"
	done
	assert_no_session
}

@test "sudo works for root, and a user is told that it would lose its rights" {
	need sudo >/dev/null
	run -0 "${RUN[@]}" --backend mount sudo -n -u nobody sh -c "id -un; echo x >/tmp/$NAME"
	assert_output nobody
	[[ ! -e /tmp/$NAME ]]
	run -125 as_user "${RUN[@]}" "$(command -v sudo)" -n true
	one_line "it would lose"
}

@test "archives, compilers and scripts do the same by mounts as in an empty /tmp" {
	alike sh -c 'cd /tmp && seq 9 >a && tar cf b.tar a && mkdir c && tar xf b.tar -C c &&
		cmp a c/a && ln a d && stat -c %h a && find . | sort'
	alike sh -c 'cd /tmp && mkfifo p && (echo through >p &) && cat p; stat -c "%a %n" /tmp . p'
	alike bash -c 'cat <<<here; sort -S 1M -T /tmp <(seq 200000) | tail -1; mktemp -d | cut -c1-9'
	alike sh -c 'ulimit -f 1; exec 2>/dev/null; (head -c 9999 /dev/zero >/tmp/big); echo $?; umask; nice; id -u'
}

@test "start and end take no more than what bubblewrap takes" {
	local door bwrap

	# Two thirds on an idle machine, where what it takes to execute two programs is most
	# of it; more where others are at work.
	need bwrap >/dev/null
	make_static
	# The middle of many: others are at work on the machine.
	middle() { # the command
		"$PROGS/bench" spawn 101 "$@" | sort -n | sed -n 51p | tr -d .
	}
	export -f middle
	for _ in 1 2 3 4 5; do
		bwrap=$(as_user bash -c "middle bwrap --dev-bind / / --tmpfs /tmp --tmpfs /var/tmp $STATIC get /dev/null")
		door=$(as_user "${RUN[@]}" bash -c "middle $DOOR -- $STATIC get /dev/null")
		echo "bubblewrap: $bwrap, the door: $door"
		((10#$door > 10#$bwrap)) || break
	done
	((10#$door <= 10#$bwrap))
}
