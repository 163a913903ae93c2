# SPDX-License-Identifier: LGPL-2.1-or-later
# Paths that posix_spawn uses in the child, where no wrapper sees it: names of its file
# actions, and of the program. Each leads to the program's own /tmp, or to an error.

load common
load ways

# refused STEP...: bare it is reached; under the shim nothing is started, and one line says why.
refused() {
	shown "$PROGS/starts" "$@"
	run -0 shimmed "$PROGS/starts" "$@"
	refute_output --partial ": shared"
	assert_output --partial EACCES
	assert_equal "$(grep -c 'privtmp: .*: a link may lead a name of its file actions' <<<"$output")" 1
}

# alike STEP...: each comes to what it does bare.
alike() {
	local bare

	bare=$("$PROGS/starts" "$@")
	run -0 shimmed "$PROGS/starts" "$@"
	assert_output "$bare"
}

@test "relative names behind a change of directory in posix_spawn lead to the private one" {
	local steps=(spawn:/=tmp/x spawn:/var=tmp/x spawn:/usr=../tmp/x spawn:/proc/self=root/tmp/x
		launch:/=tmp/d-1 launch:/usr=../tmp/d-1)

	printf '#!/bin/sh\necho shared\n' >/tmp/d-1
	chmod +x /tmp/d-1
	shown "$PROGS/starts" "${steps[@]}"
	assert_equal "$(grep -c shared <<<"$output")" 6
	run shimmed "$PROGS/starts" "${steps[@]}"
	refute_output --partial shared
	run -0 shimmed "$PROGS/starts" make:/tmp/x make:/var/tmp/x "sh:sed s/sha.*/own/ >/tmp/d-1 <&9; chmod +x /tmp/d-1" \
		"${steps[@]}" 9</tmp/d-1
	refute_output --partial shared
	assert_equal "$(grep -c 'program$' <<<"$output") $(grep -c 'own$' <<<"$output")" "4 2"
}

@test "relative names in posix_spawn before a change of directory lead to no shared one" {
	local way

	for way in cd:/usr=late:/=tmp/x cd:/usr=late:/var=tmp/x cd:/usr/lib=late:/usr=../tmp/x; do
		shown "$PROGS/starts" "${way%%=*}" "${way#*=}"
		run -0 shimmed "$PROGS/starts" "${way%%=*}" "${way#*=}"
		refute_line --regexp ": shared$"
		assert_line --partial EACCES
		assert_equal "$(grep -c 'privtmp: .*the working directory has changed' <<<"$output")" 1
	done
	# Nor does it matter to others: where nothing has changed, or no name depends on it.
	run -0 shimmed "$PROGS/starts" make:/tmp/x cd:/ late:/=tmp/x cd:/usr late:/=etc/hostname \
		cd:/usr late:/=/tmp/x
	assert_equal "$(grep -c 'program$' <<<"$output")" 2
	assert_line --partial "$(cat /etc/hostname)"
}

@test "nor does a name in posix_spawn to which a link has come since it was added" {
	for step in "then:ln -sf /tmp/x /tmp/d-l=/tmp/d-l" "then:ln -sfn /tmp d-m=d-m/x"; do
		shown "$PROGS/starts" "$step"
		run -0 shimmed "$PROGS/starts" "$step"
		refute_line --regexp "shared$"
		assert_line --partial "a link may lead a name"
	done
}

@test "a program may keep a thousand lists of file actions" {
	run -0 shimmed "$PROGS/spawn_lists" 1000
	assert_output ""
}

@test "a descriptor that is another directory in the child alone leads to no shared one" {
	local how

	for how in open dup; do
		shown "$PROGS/starts" hold:/usr "$how:/=tmp/x"
		run -0 shimmed "$PROGS/starts" hold:/usr "$how:/=tmp/x" "$how:/var=tmp/x"
		assert_equal "$(grep -c EACCES <<<"$output")" 2
		run -0 shimmed "$PROGS/starts" hold:/ "$how:/etc=hostname" make:/tmp/x "$how:/tmp=x"
		refute_output --partial shared
		assert_line "$how /etc=hostname: $(cat /etc/hostname)"
		assert_equal "$(grep -c 'program$' <<<"$output")" 1
	done
}

@test "nor does one by links of procfs that the child alone has so" {
	local path

	cd /usr
	for path in /proc/self/cwd/tmp/x /proc/thread-self/cwd/tmp/x /proc//self/./cwd/tmp/x \
		/dev/fd/../cwd/tmp/x /usr/../proc/self/fd/../cwd/var/tmp/x; do
		refused "spawn:/=$path"
		refused "late:/=$path"
	done
	for path in /proc/self/fd/9/tmp/x /dev/fd/9/tmp/x //dev/fd/9//tmp/x \
		/proc/thread-self/fd/9/var/tmp/x /usr/../proc/self/fd/9/tmp/x; do
		refused hold:/usr "open:/=$path"
		refused hold:/usr "dup:/=$path"
		refused "open:/=$path"
	done
	refused spawn:/proc=self/cwd/../tmp/x
	# The program itself: bare it is the shared one.
	cd "$DIR" || return
	mkdir tmp
	cp "$(type -P true)" tmp/d-1
	printf '#!/bin/sh\necho ": shared"\n' >/tmp/d-1
	chmod +x /tmp/d-1
	refused launch:/=/proc/self/cwd/tmp/d-1
	printf '#!/proc/self/cwd/tmp/d-1\n' >script
	chmod +x script
	cp "$(type -P echo)" /tmp/d-1
	run -0 "$PROGS/starts" "launch:/=$DIR/script"
	assert_output --partial "$DIR/script"
	run -0 shimmed "$PROGS/starts" "launch:/=$DIR/script"
	refute_line "$DIR/script"
	assert_output --partial EACCES
}

@test "names by links of procfs lead on where the child has what the caller has" {
	cd /etc
	alike hold:/etc spawn:/=/dev/fd/9/hostname spawn:/=/proc/self/fd/9/hostname
	alike spawn:/etc=/etc/hostname spawn:.=hostname late:/etc=/proc/self/cwd/hostname
	run -0 shimmed "$PROGS/starts" hold:/ make:/tmp/x spawn:/usr=/dev/fd/9/tmp/x late:/etc=/proc/self/cwd/../tmp/x
	refute_output --partial shared
	assert_equal "$(grep -c 'program$' <<<"$output")" 2
}

# spawns DIR PROGRAM [ARG]...: starts it in DIR.
make_spawns() {
	${CC:-cc} -D_GNU_SOURCE -o spawns -x c - <<-'END' || skip "no posix_spawn_file_actions_addchdir_np"
		#include <spawn.h>
		#include <stdio.h>
		#include <string.h>
		#include <sys/wait.h>
		extern char **environ;
		int main(int argc, char **argv)
		{
			posix_spawn_file_actions_t list;
			int pid, error;
			posix_spawn_file_actions_init(&list);
			error = posix_spawn_file_actions_addchdir_np(&list, argv[1]);
			if (!error)
				error = posix_spawn(&pid, argv[2], &list, NULL, argv + 2, environ);
			if (error)
				printf("%s\n", strerror(error));
			else
				waitpid(pid, NULL, 0);
			return argc < 3;
		}
	END
}

@test "the dynamic linker finds no library or program of others' where posix_spawn changes the directory to" {
	local linker refused="the dynamic linker would look for libraries there, in the shared directory"

	make_spawns
	mkdir own /tmp/d-lib
	echo 'int answer(void) { return 1; }' | ${CC:-cc} -shared -fPIC -o own/libanswer.so -x c -
	echo 'int answer(void); int main(void) { return 0 * answer(); }' |
		${CC:-cc} -o uses -x c - -Lown -lanswer
	${CC:-cc} -shared -fPIC -o /tmp/d-lib/libanswer.so -x c - <<-'END'
		#include <stdio.h>
		__attribute__((constructor)) static void start(void) { puts("shared"); }
		int answer(void) { return 2; }
	END
	linker=$(ldd uses | sed -nE 's|^\s*(/[^ ]*/ld[^ ]*) .*|\1|p')
	[[ -x $linker ]]
	cd /usr
	for path in tmp/d-lib ./tmp/d-lib /proc/self/cwd/tmp/d-lib; do
		shown env LD_LIBRARY_PATH="$path:$DIR/own" "$DIR/spawns" / "$DIR/uses"
		run -0 shimmed env LD_LIBRARY_PATH="$path:$DIR/own" "$DIR/spawns" / "$DIR/uses"
		assert_output - <<-END
			privtmp: $path: $refused: Permission denied (13); name it by an absolute path
			Permission denied
		END
		shown "$DIR/spawns" / "$linker" --library-path "$path:$DIR/own" "$DIR/uses"
		run -0 shimmed "$DIR/spawns" / "$linker" --library-path "$path:$DIR/own" "$DIR/uses"
		assert_output --partial "privtmp: $path: $refused"
		refute_output --partial $'\nshared'
	done
	# The program that it starts.
	echo 'int puts(const char *); int main(void) { return !puts("shared"); }' | ${CC:-cc} -o /tmp/d-1 -x c -
	for path in tmp/d-1 /proc/self/cwd/tmp/d-1; do
		shown "$DIR/spawns" / "$linker" "$path"
		run -0 shimmed "$DIR/spawns" / "$linker" "$path"
		assert_output --partial "privtmp: $path: $refused"
	done
	# Names that are searched for are no paths, even where nothing is known of where it starts.
	run -0 env LD_PRELOAD="$SHIM:libc.so.6" "$PROGS/starts" fcd:7 cd:/usr open:/etc=/etc/hostname 7</tmp
	assert_line "open /etc=/etc/hostname: $(cat /etc/hostname)"
	# What is private, or elsewhere, is found.
	cd "$DIR"
	run -0 env LD_LIBRARY_PATH=own ./spawns . ./uses
	run -0 shimmed env LD_LIBRARY_PATH=own ./spawns . ./uses
	assert_output ""
	run -0 shimmed sh -c 'mkdir /tmp/d-lib; cp own/libanswer.so uses spawns /tmp/d-lib; cd /
		LD_LIBRARY_PATH=.: /tmp/d-lib/spawns /tmp/d-lib /tmp/d-lib/uses'
	assert_output ""
}
