#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# Children that the shim cannot be loaded into: refused, named, or with rights of their own.
#
# shellcheck disable=SC2016,SC2030,SC2031,SC2154 # expanded by inner shells; subshells; bats

load common
load uncovered

# -- Refused, or named ----------------------------------------------------------------

@test "deny: a static child is not executed, in one line, and with EACCES" {
	local way

	for way in $("$EXEC"); do
		case $way in
		too-long-list) continue ;;
		fork) run -13 --separate-stderr under deny "$EXEC" "$way" "$STATIC" /tmp/x ;;
		*)
			run -1 --separate-stderr under deny "$EXEC" "$way" "$STATIC" /tmp/x
			assert_output EACCES
			;;
		esac
		[[ $stderr == "privtmp: "*"statically linked, so that the shim cannot be loaded into it; not executed, since PRIVTMP_UNCOVERED is deny" ]]
		[[ $(wc -l <<<"$stderr") -eq 1 ]]
	done
	run -0 under deny sh -c 'echo x >/tmp/x; cat /tmp/x'
	assert_output x
	[[ ! -e /tmp/x ]]
	assert_no_session
}

@test "deny: a list that changes the directory says nothing of another list" {
	cd "$BATS_TEST_TMPDIR"
	ln -f "$STATIC" static
	${CC:-cc} -D_GNU_SOURCE -o spawns -x c - <<-'END' || skip "no posix_spawn_file_actions_addchdir_np"
		#include <spawn.h>
		#include <stdio.h>
		#include <string.h>
		#include <sys/wait.h>
		extern char **environ;
		int main(int argc, char **argv)
		{
			posix_spawn_file_actions_t list, other;
			pid_t pid;
			int status = 0;

			for (int i = 0; i < 100; i++) {
				posix_spawn_file_actions_init(&list);
				posix_spawn_file_actions_addchdir_np(&list, argv[1]);
				if (i == 99)
					printf("%s\n", strerrorname_np(posix_spawn(&pid, "./true", &list,
						NULL, argv + 2, environ)));
				posix_spawn_file_actions_destroy(&list);
			}
			wait(&status);
			posix_spawn_file_actions_init(&list);
			posix_spawn_file_actions_init(&other);
			posix_spawn_file_actions_addchdir_np(&other, "/");
			posix_spawn_file_actions_adddup2(&list, 1, 1);
			fflush(stdout);
			printf("%s\n", strerrorname_np(posix_spawn(&pid, argv[2], &list, NULL,
				argv + 2, environ)));
			wait(NULL);
			return argc != 4 || status;
		}
	END
	run -0 --separate-stderr under deny ./spawns "$(dirname "$(type -P true)")" ./static /tmp/bare
	assert_output $'0\nEACCES'
	[[ $stderr == "privtmp: ./static: statically linked"* && ! -e /tmp/bare ]]
	assert_no_session
}

@test "a relative name is looked at where posix_spawn changes the directory to" {
	local way

	need_mount
	cd "$BATS_TEST_TMPDIR"
	mkdir -p here/below there
	ln -f "$STATIC" there/program
	# What lies here, by the same name, is another program.
	cp "$(type -P true)" program
	cp "$(type -P true)" here/program
	printf '#!%s /tmp/x\n' "$STATIC" >there/script
	chmod +x there/script
	${CC:-cc} -D_GNU_SOURCE -o spawns -x c - <<-'END' || skip "no posix_spawn_file_actions_addchdir_np"
		#include <fcntl.h>
		#include <spawn.h>
		#include <stdio.h>
		#include <string.h>
		#include <sys/wait.h>
		extern char **environ;
		int main(int argc, char **argv)
		{
			posix_spawn_file_actions_t list;
			char *args[] = { "program", "/tmp/x", NULL };
			int error;

			posix_spawn_file_actions_init(&list);
			for (int i = 2; i < argc; i++)
				if (argv[i][0] == '@')
					posix_spawn_file_actions_addfchdir_np(&list,
						open(argv[i] + 1, O_PATH | O_CLOEXEC));
				else
					posix_spawn_file_actions_addchdir_np(&list, argv[i]);
			error = posix_spawn(NULL, argv[1], &list, NULL, args, environ);
			posix_spawn_file_actions_destroy(&list);
			printf("%s\n", strerrorname_np(error));
			fflush(stdout);
			while (wait(NULL) > 0)
				;
			return 0;
		}
	END
	for way in there "$PWD/there" @there @there/ "here/below ../../there" "@here ../there" \
		"here $PWD/there" "there . ./."; do
		# shellcheck disable=SC2086 # words
		run -0 under deny ./spawns ./program $way
		assert_line --index 0 --partial "privtmp: ./program: statically linked"
		assert_line --index 1 EACCES
		[[ ! -e /tmp/x ]]
		# shellcheck disable=SC2086
		run -0 shimmed sh -c './spawns ./program "$@"; cat /tmp/x; : >/tmp/x
			./spawns ./script "$@"; cat /tmp/x' sh $way
		assert_output $'0\nran\n0\nran'
		[[ ! -e /tmp/x ]]
	done
	run -0 under deny ./spawns ./program here
	assert_output 0
	run -0 under deny ./spawns ./none there
	assert_output ENOENT
	assert_no_session
}

@test "deny: what is found along PATH and is refused is named once, and a script as well" {
	mkdir -p "$BATS_TEST_TMPDIR/a"
	ln -f "$STATIC" "$BATS_TEST_TMPDIR/a/static"
	run -126 under deny sh -c 'PATH=$1:$2; static /tmp/x' sh "$DIR" "$BATS_TEST_TMPDIR/a"
	[[ $(grep -c '^privtmp: ' <<<"$output") -eq 1 ]]
	run -126 under deny sh -c ./script
	assert_line --partial "privtmp: ./script: statically linked"
	assert_no_session
}

@test "warn: a static child is named once in a session, and has the shared /tmp" {
	run -0 under warn sh -c '"$STATIC" /tmp/bare; "$STATIC" /tmp/bare
		sh -c "\"\$STATIC\" /tmp/bare; :"; ./script; ls /tmp'
	assert_line --index 0 --partial "privtmp: $STATIC: statically linked"
	assert_line --index 1 --partial "privtmp: ./script: statically linked"
	[[ ${#lines[@]} -eq 2 ]]
	[[ -e /tmp/bare && -e /tmp/script ]]
	rm /tmp/bare /tmp/script
	assert_no_session
}

@test "with a session for each program, a static one has that of its parent, or what is set" {
	each() { # the word
		env PRIVTMP_SCOPE=process PRIVTMP_UNCOVERED="$1" LD_PRELOAD="$SHIM" \
			sh -c '"$STATIC" /tmp/bare || exit; : </tmp/bare'
	}
	run -126 each deny
	[[ ${lines[0]} == "privtmp: $STATIC: statically linked"*"since PRIVTMP_UNCOVERED is deny" ]]
	# The shell's own session lacks what the shared directory has.
	run -2 each warn
	[[ -e /tmp/bare && ${lines[0]} == "privtmp: $STATIC: statically linked"*"it has the shared directories"* ]]
	rm /tmp/bare
	need_mount
	run -0 each auto
	assert_output ""
	run -0 each mount
	assert_output ""
	[[ ! -e /tmp/bare ]]
	assert_no_session
}

@test "with no session, nothing changes" {
	run -0 env PRIVTMP_MODE=off PRIVTMP_UNCOVERED=deny LD_PRELOAD="$SHIM" \
		sh -c '"$STATIC" /tmp/bare'
	assert_output ""
	rm /tmp/bare
	assert_no_session
}

@test "privtmp itself, which is static, sees what is there" {
	run -0 under deny sh -c 'echo x >/tmp/x; "$PRIVTMP" list; "$PRIVTMP" run true'
	assert_line --partial "/tmp/.privtmp-"
	refute_line --partial "statically"
	assert_no_session
}

# -- Rights of their own ----------------------------------------------------------------

# rights NAME MODE: a copy of id with a mode of its own.
rights() {
	cp "$(command -v id)" "$DIR/$1"
	chmod "$2" "$DIR/$1"
	if findmnt -no OPTIONS -T "$DIR" | grep -qw nosuid; then
		skip "set-user-ID bits mean nothing in $DIR"
	fi
}

@test "a set-user-ID child of a plain user keeps its rights and is named once; deny refuses it" {
	local word

	need_users
	rights suid 4755
	ln "$DIR/suid" "$DIR/again"
	for word in auto mount confine warn; do
		run -0 --separate-stderr as_user env PRIVTMP_UNCOVERED=$word LD_PRELOAD="$SHIM" \
			sh -c './suid -u; ./suid -u; sh -c "./suid -u; :"; ./again -u'
		assert_output $'0\n0\n0\n0'
		if [[ $word == warn ]]; then
			assert_equal "$stderr" "$(printf "privtmp: ./%s: has rights of its own, so that the shim cannot be loaded into it; it has the shared directories, unless /etc/ld.so.preload names the shim\n" suid again)"
		else
			assert_equal "$stderr" "privtmp: ./suid: has rights of its own, so that the shim cannot be loaded into it; it and others like it have the shared directories, unless /etc/ld.so.preload names the shim"
		fi
	done
	run -126 as_user env PRIVTMP_UNCOVERED=deny LD_PRELOAD="$SHIM" sh -c './suid -u'
	assert_line --index 0 --partial "privtmp: ./suid: has rights of its own"
	# Without a right to gain there is none to lose.
	run -0 --separate-stderr as_user env PRIVTMP_UNCOVERED=deny LD_PRELOAD="$SHIM" \
		setpriv --no-new-privs sh -c './suid -u'
	assert_output "$TEST_UID"
	run -0 --separate-stderr env PRIVTMP_UNCOVERED=deny LD_PRELOAD="$SHIM" sh -c './suid -u'
	assert_output 0
	[[ -z $stderr ]]
	assert_no_session
}

@test "so is one that has its rights by its group, or by capabilities of its file" {
	need_users
	rights sgid 2755
	run -0 --separate-stderr as_user env LD_PRELOAD="$SHIM" sh -c './sgid -g; :'
	assert_output 0
	[[ $stderr == "privtmp: ./sgid: has rights of its own"* ]]
	rights caps 755
	command -v setcap >/dev/null || skip "needs setcap"
	setcap cap_net_raw+ep "$DIR/caps" || skip "files have no capabilities here"
	run -0 --separate-stderr as_user env LD_PRELOAD="$SHIM" sh -c './caps -u; :'
	[[ $stderr == "privtmp: ./caps: has rights of its own"* ]]
	run -0 --separate-stderr env LD_PRELOAD="$SHIM" sh -c './caps -u; :'
	[[ -z $stderr ]]
	assert_no_session
}

@test "where a user namespace does not know the owner, one is executed as any other, where it is" {
	local file

	need_users
	as_user unshare --map-root-user true 2>/dev/null || skip "needs user namespaces"
	for file in sgid:2755 suid:4755; do
		cp "$(type -P readlink)" "$DIR/${file%:*}"
		chmod "${file#*:}" "$DIR/${file%:*}"
		# As mount(8): what it mounts must be seen by the shell, so it gets no namespace.
		run -0 --separate-stderr as_user env LD_PRELOAD="$SHIM" unshare --map-root-user sh -c '
			echo x >/tmp/x
			readlink /proc/self/ns/mnt
			"$1" /proc/self/ns/mnt
			ln -s /tmp/x /tmp/l && "$1" -e /tmp/l' sh "./${file%:*}"
		assert_equal "${lines[0]}" "${lines[1]}"
		assert_line --index 2 /tmp/x
		assert_equal "$stderr" ""
	done
	# The tools see it so, too. Its status is that of what is not private as it is.
	run as_user unshare --map-root-user "$PRIVTMP" status ./suid
	assert_line --partial "nothing loads the shim into it"
	assert_no_session
}

@test "so is the child of a process that is another user for a time, which gets no shim" {
	need_users
	command -v perl >/dev/null || skip "needs perl"
	script='$> = $ENV{TEST_UID}; system { $ARGV[0] } @ARGV; $> = 0'
	run -0 --separate-stderr env LD_PRELOAD="$SHIM" perl -e "$script" /bin/touch /tmp/bare
	assert_equal "$(stat -c %u /tmp/bare)" "$TEST_UID"
	rm /tmp/bare
	[[ $stderr == "privtmp: /bin/touch: has rights of its own"* ]]
	run -0 --separate-stderr env LD_PRELOAD="$SHIM" PRIVTMP_UNCOVERED=deny \
		perl -e "$script" /bin/touch /tmp/bare
	[[ $stderr == "privtmp: /bin/touch: has rights of its own"* && ! -e /tmp/bare ]]
	assert_no_session
}

@test "a guest of a session, who is another user for good, has its /tmp by the door" {
	need_users
	need_mount
	run -0 shimmed setpriv --reuid="$TEST_UID" --regid="$TEST_UID" --clear-groups \
		sh -c '"$STATIC" /tmp/x; cat /tmp/x; stat -c %u /tmp/x'
	assert_output ran$'\n'"$TEST_UID"
	[[ ! -e /tmp/x ]]
	assert_no_session
}

@test "root's set-group-ID child keeps its rights in the namespace, and has root's /tmp" {
	[[ $(id -u) -eq 0 ]] || skip "needs root"
	need_mount
	cp "$(command -v tee)" "$DIR/tee"
	chgrp "$TEST_UID" "$DIR/tee"
	chmod 2755 "$DIR/tee"
	run -0 shimmed sh -c 'echo x | ./tee /tmp/x >/dev/null; cat /tmp/x; stat -c %g /tmp/x'
	assert_output "x"$'\n'"$TEST_UID"
	[[ ! -e /tmp/x ]]
	assert_no_session
}

# -- How it is remembered ----------------------------------------------------------------

@test "a file that is replaced is looked at again" {
	cp "$TRUE" "$BATS_TEST_TMPDIR/p"
	cd "$BATS_TEST_TMPDIR"
	run -0 under deny sh -c './p && ./p && cp "$STATIC" p.new && mv p.new p && ! ./p /tmp/x &&
		cp "$TRUE" p.new && mv p.new p && ./p && cat "$STATIC" >p && ! ./p /tmp/x'
	[[ $(grep -c '^privtmp: ./p: statically linked' <<<"$output") -eq 2 ]]
	assert_no_session
}
