# SPDX-License-Identifier: LGPL-2.1-or-later
# The configuration: what it decides, for whom, and what its mistakes do. Each test
# has an /etc of its own, an overlay in a mount namespace: the machine's is not
# touched.
#
# shellcheck disable=SC2016,SC2030,SC2031,SC2034 # expanded in there; each test is a subshell

load ../common
load ../run

setup() {
	[[ $(id -u) -eq 0 ]] || skip "needs root, to put files into an /etc"
	STRANGE='' # nothing for teardown to end
	NAME=privtmp-policy-$$-$RANDOM
	RUN=("$PRIVTMP" run)
	ETC=$BATS_TEST_TMPDIR/etc
	CONF=$ETC/privtmp.conf
	DIR=$(scratch)
	export DIR
	mkdir -p "$ETC"
	write_world
	"$WORLD" true 2>/dev/null || skip "needs a mount namespace with overlays"
	not_nested_sanitizer
}

# write_world: write the program that runs a command where ETC lies over /etc.
write_world() {
	WORLD=$BATS_TEST_TMPDIR/world
	cat >"$WORLD" <<END
#!/bin/bash
if [ "\$1" != inside ]; then
	exec unshare --mount --propagation private "\$0" inside "\$@"
fi
shift
mount -t tmpfs -o mode=755 over /mnt && mkdir /mnt/work && cp -a "$ETC" /mnt/up &&
	mount -t overlay -o lowerdir=/etc,upperdir=/mnt/up,workdir=/mnt/work over /etc || exit 99
exec "\$@"
END
	chmod 755 "$WORLD"
}

# conf [NAME] <TEXT: write the configuration, or a file in its directory.
conf() {
	if (($#)); then
		mkdir -p "$CONF.d"
		cat >"$CONF.d/$1"
	else
		cat >"$CONF"
	fi
}

# leads PATH TEXT [OPTION]...: explain says TEXT of PATH.
leads() {
	local path=$1 text=$2

	shift 2
	run -0 "$WORLD" "$PRIVTMP" explain "$@" "$path"
	assert_output --partial "$text)"
}

# bare COMMAND [ARG]...: run it there with the shim alone.
bare() {
	"$WORLD" env LD_PRELOAD="$SHIM" "$@"
}

# -- What it decides ---------------------------------------------------------------

@test "explain names the line, the variable or the option that decided" {
	mkdir "$DIR/one" "$DIR/two"
	conf <<-END
		# What is guarded here.
		guard = $DIR/one/

		  share=/tmp/keep*
	END
	leads "$DIR/one/x" "(private: below the guarded directory $DIR/one, by /etc/privtmp.conf:2"
	leads /tmp/keep1 "(shared: it matches /tmp/keep*, by /etc/privtmp.conf:4"
	leads /tmp/x "(private: below the guarded directory /tmp, by default"
	leads /tmp/.X11-unix/X0 "(shared: it matches /tmp/.X11-unix, by default"
	leads "$DIR/two/x" "$DIR/two, by --guard" --guard "$DIR/two"
	export PRIVTMP_GUARD=$DIR/two PRIVTMP_SHARE='/tmp/other?' SSH_AUTH_SOCK=/tmp/agent
	leads "$DIR/two/x" "$DIR/two, by PRIVTMP_GUARD"
	leads "$DIR/one/x" "$DIR/one, by /etc/privtmp.conf:2"
	leads /tmp/other1 "/tmp/other?, by PRIVTMP_SHARE"
	leads /tmp/agent "/tmp/agent, by SSH_AUTH_SOCK"
}

@test "the root of the configuration holds what is private, and explain says so" {
	conf <<<"root = $DIR"
	leads /tmp/x "/tmp, by default; kept in $DIR, by /etc/privtmp.conf:1"
	run -0 bare sh -c 'echo x >/tmp/x; ls -d "$DIR"/.privtmp-*/*/tmp; ls -A /tmp'
	assert_line --index 0 --regexp "^$DIR/.privtmp-.*/tmp$"
	assert_line --index 1 x
	run -0 "$WORLD" "$PRIVTMP" explain --format json /tmp/x
	assert_output --partial '"root_decided_by": "/etc/privtmp.conf:1"'
}

@test "the bare shim follows the configuration" {
	conf <<-END
		guard = $DIR
		share = /tmp/$NAME-*
	END
	run -0 bare sh -c "echo x >/tmp/$NAME-1; echo x >/tmp/$NAME; echo x >$DIR/x; ls $DIR"
	assert_output x
	[[ -e /tmp/$NAME-1 && ! -e /tmp/$NAME && -z $(ls "$DIR") ]]
	rm "/tmp/$NAME-1"
	assert_no_session
}

@test "privtmp run follows the configuration" {
	conf <<-END
		guard = $DIR
		share = /tmp/$NAME-*
		keep = failure
	END
	run -0 "$WORLD" "${RUN[@]}" sh -c "echo x >/tmp/$NAME-1; echo x >$DIR/x; ls $DIR"
	assert_output x
	[[ -e /tmp/$NAME-1 && -z $(ls "$DIR") ]]
	run -1 "$WORLD" "${RUN[@]}" false
	assert_output --partial "kept; privtmp sweep --all removes it"
	rm "/tmp/$NAME-1"
	"$PRIVTMP" sweep --all
	assert_no_session
}

@test "options go before the environment, and that before the configuration" {
	conf <<<"keep = always"
	run -0 "$WORLD" "${RUN[@]}" --keep never true
	assert_output ""
	run -0 env PRIVTMP_KEEP=never "$WORLD" "${RUN[@]}" true
	assert_output ""
	run -0 env PRIVTMP_KEEP=never "$WORLD" "${RUN[@]}" --keep always true
	assert_output --partial ": kept;"
	run -0 "$WORLD" "${RUN[@]}" true
	assert_output --partial ": kept;"
	run -0 env PRIVTMP_MODE=off "$WORLD" env LD_PRELOAD="$SHIM" true
	"$PRIVTMP" sweep --all
	assert_no_session
}

@test "an empty guard or share drops what was said before it" {
	mkdir "$DIR/one" "$DIR/two"
	conf <<-END
		guard = $DIR/one
		guard =
		guard = $DIR/two
		share =
	END
	leads "$DIR/two/x" "by /etc/privtmp.conf:3"
	leads "$DIR/one/x" "(not touched: in no guarded directory"
	leads /tmp/x "(not touched: in no guarded directory"
	conf <<<"share ="
	leads /tmp/.X11-unix/X0 "(private: below the guarded directory /tmp, by default"
	PRIVTMP_GUARD=:$DIR/one leads /tmp/x "(not touched: in no guarded directory"
}

@test "the directory's files come in the order of their names, after the file" {
	conf <<<"root = $DIR/0"
	conf 20-b.conf <<<"root = $DIR/2"
	conf 10-a.conf <<<"root = $DIR/1"
	conf 30-c.conf.bak <<<"root = nonsense"
	conf .hidden.conf <<<"nonsense"
	mkdir "$DIR/0" "$DIR/1" "$DIR/2"
	leads /tmp/x "kept in $DIR/2, by /etc/privtmp.conf.d/20-b.conf:1"
	rm "$CONF" "$CONF.d/20-b.conf"
	leads /tmp/x "kept in $DIR/1, by /etc/privtmp.conf.d/10-a.conf:1"
}

# -- For whom ----------------------------------------------------------------------

@test "a section holds for the programs whose path its pattern matches" {
	cp "$(command -v ls)" "$DIR/legacy"
	cp "$(command -v ls)" "$DIR/other"
	conf <<-END
		mode = off
		[/nowhere/**]
		mode = redirect
		root = /nowhere
		[$DIR/leg?cy]
		mode = redirect
		[/usr/bin/su]
		mode = off
	END
	touch "/tmp/$NAME"
	run -0 bare "$DIR/legacy" -A /tmp
	assert_output ""
	run -0 bare "$DIR/other" -A /tmp
	assert_line "$NAME"
	leads /tmp/x "/tmp, by default" --program "$DIR/legacy"
	leads /tmp/x "(NOT private: the mode is off, by /etc/privtmp.conf:1" --program "$DIR/other"
	leads /tmp/x "(NOT private: the mode is off, by /etc/privtmp.conf:1"
	assert_no_session
}

@test "a section goes before what is outside of sections, in whatever file" {
	mkdir "$DIR/1" "$DIR/2"
	conf <<-END
		[/**]
		root = $DIR/1
		[*]
		root = $DIR/2
	END
	conf z.conf <<<"root = $DIR/2"
	leads /tmp/x "kept in $DIR/1, by /etc/privtmp.conf:2" --program /bin/sh
	leads /tmp/x "kept in $DIR/2, by /etc/privtmp.conf.d/z.conf:1"
}

@test "a script is known by its interpreter, and a link by what it leads to" {
	printf '#!%s\n' "$(command -v cat)" >"$DIR/script"
	chmod 755 "$DIR/script"
	ln -s "$DIR/script" "$DIR/link"
	conf <<-END
		[$(realpath "$(command -v cat)")]
		root = $DIR
	END
	leads /tmp/x "kept in $DIR, by /etc/privtmp.conf:2" --program "$DIR/link"
	run -0 "$WORLD" "${RUN[@]}" --keep always "$DIR/link"
	assert_output --partial "$DIR/.privtmp-"
	rm -r "$DIR"/.privtmp-*
}

@test "who joins a session has that session's policy" {
	conf <<-END
		[$(realpath "$(command -v cat)")]
		mode = off
	END
	run -0 bare sh -c "echo private >/tmp/$NAME; exec cat /tmp/$NAME"
	assert_output private
	run -1 bare cat "/tmp/$NAME"
	assert_no_session
}

@test "what privtmp runs is protected, though the configuration leaves all else alone" {
	conf <<<"mode = off"
	run -0 "$WORLD" "${RUN[@]}" --scope process sh -c "echo x >/tmp/$NAME; sh -c 'echo y >/tmp/$NAME-2'"
	[[ ! -e /tmp/$NAME && ! -e /tmp/$NAME-2 ]]
	run -0 env PRIVTMP_MODE=off "$WORLD" "${RUN[@]}" sh -c "echo x >/tmp/$NAME"
	[[ -e /tmp/$NAME ]]
}

@test "one file serves /etc/ld.so.preload" {
	need_users
	cp "$PROGS/id_steps" "$DIR/suid"
	chmod 4755 "$DIR/suid"
	echo "$SHIM" >"$ETC/ld.so.preload"
	mkdir -m 1777 "$DIR/spool"
	conf <<-END
		mode = off
		[$DIR/suid]
		mode = redirect
		guard = $DIR/spool
	END
	run -0 "$WORLD" setpriv --reuid="$TEST_UID" --regid="$TEST_UID" --clear-groups -- \
		env PRIVTMP_MODE=off PRIVTMP_GUARD=:/nowhere "$DIR/suid" ids make:/tmp/x \
		make:"$DIR/spool/x" make:"$DIR/y"
	assert_line "$TEST_UID 0"
	assert_line "make:$DIR/spool/x ok"
	[[ ! -e /tmp/x && ! -e $DIR/spool/x && -e $DIR/y ]]
	assert_no_session
}

# -- What mistakes do ---------------------------------------------------------------

# mistake TEXT COMPLAINT: the configuration TEXT has this one, in its last line.
mistake() {
	local n

	n=$(wc -l <<<"$1")
	printf '%s\n' "$1" >"$CONF"
	run -1 "$WORLD" "$PRIVTMP" check-config
	assert_output "privtmp: /etc/privtmp.conf:$n: $2"
}

@test "check-config names file, line and mistake" {
	conf <<-END
		# fine
		guard = /srv/spool
		[/usr/sbin/*d]
		keep = failure
	END
	run -0 "$WORLD" "$PRIVTMP" check-config
	assert_output ""
	mistake $'\nscope = treee' "unknown word; use tree, process or root"
	mistake 'keep =' "unknown word; use never, failure or always"
	mistake $'# x\n\nGuard = /tmp' \
		"unknown key; use guard, share, root, scope, keep, onfail, mode, links, confine, uncovered, log or size-limit"
	mistake 'guard /tmp' "neither a setting nor a section; write KEY = VALUE or [PATTERN]"
	mistake 'guard = tmp' \
		"cannot be guarded or hold a root; name absolute directories without .., but not /"
	mistake 'guard = /tmp/..' \
		"cannot be guarded or hold a root; name absolute directories without .., but not /"
	mistake 'guard = /' \
		"cannot be guarded or hold a root; name absolute directories without .., but not /"
	mistake 'guard = /tmp:/var/tmp' "a colon; give each path a line of its own"
	mistake "root = /$(printf '%0250d' 0)" \
		"cannot be guarded or hold a root; name an absolute directory without .., but not /"
	mistake 'share = keep*' "not an absolute path; begin the pattern with /"
	mistake 'share = /tmp/[a' "a set that does not end; close it with ]"
	mistake '[/usr/bin/x' "a section that does not end with ]; close it, with nothing behind it"
	mistake '[/usr/bin/x] # y' "a section that does not end with ]; close it, with nothing behind it"
	mistake '[x]' "not an absolute path; begin the pattern with /"
	mistake '[]' "not an absolute path; begin the pattern with /"
	mistake $'guard = /tmp\r' "a control character; end lines as Unix does"
	mistake $'guard = /a\tb' "a control character; remove it"
	mistake $'guard = /tmp\a' "a control character; remove it"
	mistake "# $(printf '%02000d' 0)" "a line that is too long; split it in two"
	mistake "$(printf 'guard = /%d\n' $(seq 13))" "one guarded directory too many; leave some out"
	mistake "$(printf 'share = /%d\n' $(seq 41))" "one shared pattern too many; leave some out"
}

@test "check-config names all mistakes of all files, also of those that it is given" {
	conf <<<"nonsense"
	printf 'mode = on\n[' | conf x.conf
	run -1 "$WORLD" "$PRIVTMP" check-config
	assert_line --index 0 --partial "/etc/privtmp.conf:1: neither"
	assert_line --index 1 --partial "/etc/privtmp.conf.d/x.conf:1: unknown word"
	assert_line --index 2 --partial "/etc/privtmp.conf.d/x.conf:2: a section that"
	printf 'keep = always' >"$DIR/draft"
	run -0 "$WORLD" "$PRIVTMP" check-config "$DIR/draft"
	assert_output ""
	run -1 "$WORLD" "$PRIVTMP" check-config "$DIR/draft" "$DIR/none"
	assert_output "privtmp: $DIR/none: cannot be read: No such file or directory (2); check its name"
}

@test "a mistake closes what is guarded, with one line when it is used" {
	conf <<-END
		guard = $DIR
		scope = treee
	END
	run -0 bare sh -c 'echo unaffected'
	assert_output unaffected
	run ! bare touch "/tmp/$NAME"
	assert_line --index 0 \
		"privtmp: /etc/privtmp.conf:2: unknown word; use tree, process or root"
	assert_line --index 1 --partial "Invalid argument"
	run ! bare touch "$DIR/x"
	[[ ! -e /tmp/$NAME && ! -e $DIR/x ]]
	run -125 "$WORLD" "${RUN[@]}" true
	one_line "/etc/privtmp.conf:2: unknown word; use tree, process or root"
	run -2 "$WORLD" "$PRIVTMP" explain /tmp/x
	one_line "/etc/privtmp.conf:2: unknown word"
	run -0 "$WORLD" "$PRIVTMP" list
	run -0 "$WORLD" "$PRIVTMP" sweep
	assert_no_session
}

@test "with a mistake, only the environment can let a program run unprotected" {
	printf 'onfail = pass\nnonsense\n' >"$CONF"
	run ! bare touch "/tmp/$NAME"
	[[ ! -e /tmp/$NAME ]]
	run -0 env PRIVTMP_ONFAIL=pass "$WORLD" env LD_PRELOAD="$SHIM" touch "/tmp/$NAME"
	assert_line --index 0 --partial "/etc/privtmp.conf:2: neither"
	assert_line --index 1 --partial "this program runs unprotected"
	[[ -e /tmp/$NAME ]]
}

@test "a mistake in a section of another program's is one, too" {
	printf '[/nowhere]\nnonsense\n' >"$CONF"
	run ! bare touch "/tmp/$NAME"
	assert_line --index 0 --partial "/etc/privtmp.conf:2: neither"
}

@test "in a user namespace without root, root's file is still believed" {
	unshare --user true 2>/dev/null || skip "needs user namespaces"
	conf <<<"mode = off"
	run -0 bare unshare --user touch "/tmp/$NAME"
	[[ -e /tmp/$NAME ]]
	chown "$TEST_UID" "$CONF"
	rm "/tmp/$NAME"
	# There it belongs to nobody as well: whoever has that much has "/", too, but
	# here is "/" root's.
	run ! bare setpriv --reuid=65534 --clear-groups touch "/tmp/$NAME"
	assert_line --index 0 --partial "refused: others than root"
}

# refused WHAT: touching a guarded file fails because of WHAT.
refused() {
	run ! bare touch "/tmp/$NAME"
	assert_line --index 0 --partial "$1"
	[[ ! -e /tmp/$NAME ]]
}

@test "a file or a directory that others than root can write to is refused" {
	local why="refused: others than root can write to it; chown it to root"

	conf <<<"keep = never"
	chmod 664 "$CONF"
	refused "/etc/privtmp.conf: $why"
	chmod 646 "$CONF"
	refused "/etc/privtmp.conf: $why"
	chmod 644 "$CONF"
	chown "$TEST_UID" "$CONF"
	refused "/etc/privtmp.conf: $why"
	rm "$CONF"
	conf x.conf <<<"keep = never"
	chown "$TEST_UID" "$CONF.d/x.conf"
	refused "/etc/privtmp.conf.d/x.conf: $why"
	chown 0 "$CONF.d/x.conf"
	chmod 777 "$CONF.d"
	refused "/etc/privtmp.conf.d: $why"
	chmod 755 "$CONF.d"
	run -0 bare touch "/tmp/$NAME"
}

@test "what is no file, or cannot be read, is no reason to go without" {
	need_users
	mkdir "$CONF"
	refused "/etc/privtmp.conf: no regular file"
	rmdir "$CONF"
	mkfifo "$CONF"
	refused "/etc/privtmp.conf: no regular file"
	rm "$CONF"
	ln -s /dev/zero "$CONF"
	refused "/etc/privtmp.conf: no regular file"
	ln -sf privtmp.conf "$CONF"
	refused "/etc/privtmp.conf: cannot be read: Too many levels of symbolic links"
	rm "$CONF"
	echo nothing >"$CONF.d"
	refused "/etc/privtmp.conf.d: cannot be read: Not a directory (20); make it a directory"
	rm "$CONF.d"
	touch "$CONF"
	chmod 600 "$CONF"
	run ! "$WORLD" setpriv --reuid="$TEST_UID" --regid="$TEST_UID" --clear-groups -- \
		env LD_PRELOAD="$SHIM" touch "/tmp/$NAME"
	assert_line --index 0 --partial \
		"/etc/privtmp.conf: cannot be read: Permission denied (13); let everybody read it"
}

@test "where nobody can tell the program, a section is no reason to guess" {
	conf <<-END
		[/usr/bin/legacy]
		mode = off
	END
	run ! "$WORLD" sh -c 'mount -t tmpfs none /proc && LD_PRELOAD="$SHIM" exec touch /tmp/x'
	assert_line --index 0 --partial "/etc/privtmp.conf:1: a section, and this program's"
	assert_line --index 0 --partial "mount /proc"
}

@test "absence costs one system call a file, and none who joins a session" {
	command -v strace >/dev/null || skip "needs strace"
	run -0 "$WORLD" strace -f -o "$DIR/trace" -E LD_PRELOAD="$SHIM" \
		sh -c 'echo x >/tmp/x; (/bin/true); /bin/true'
	run -0 grep -c 'privtmp\.conf' "$DIR/trace"
	assert_output 2
	grep -q 'execve.*true' "$DIR/trace"
}
