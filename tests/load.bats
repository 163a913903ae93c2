# SPDX-License-Identifier: LGPL-2.1-or-later
# Objects loaded at run time from a private directory: they are found, tell the
# view's name, and are looked for as if the shim were not there.

load common

setup_file() {
	local dir=$BATS_FILE_TMPDIR

	export OBJECTS=$dir CC=${CC:-cc}
	echo 'int answer(void) { return 42; }' >"$dir/answer.c"
	cat >"$dir/opener.c" <<-'END'
		#include <dlfcn.h>
		/* Not a jump: the linker is to see that it is this object that asks. */
		void *open_for_me(const char *file)
		{
			void *volatile object = dlopen(file, RTLD_NOW);
			return object;
		}
	END
	mkdir "$dir/beside"
	# shellcheck disable=SC2086 # flags are lists of words
	{
		$CC ${CFLAGS:-} -shared -fPIC -o "$dir/libanswer.so" "$dir/answer.c"
		$CC ${CFLAGS:-} -shared -fPIC -o "$dir/beside/libbeside.so" "$dir/answer.c"
		$CC ${CFLAGS:-} -shared -fPIC -o "$dir/libopener.so" "$dir/opener.c" \
			-Wl,-rpath,"\$ORIGIN/beside" -Wl,--no-as-needed -ldl
	}
}

setup() {
	LOAD=$PROGS/load
	DIR=privtmp-load-$$-$RANDOM
}

teardown() {
	rm -rf "/tmp/$DIR"* "/var/tmp/$DIR"*
}

@test "an object in a private directory is loaded, and all names of it are the view's" {
	like_bare "cp $OBJECTS/libanswer.so /tmp/$DIR.so && $LOAD open /tmp/$DIR.so"
	like_bare "mkdir /var/tmp/$DIR && cp $OBJECTS/libanswer.so /var/tmp/$DIR/ && $LOAD open /var/tmp/$DIR/libanswer.so"
	like_bare "cp $OBJECTS/libanswer.so /tmp/$DIR.so && $LOAD open /usr/../tmp/./$DIR.so" ||
		grep -q "dladdr: /tmp/$DIR.so" "$BATS_TEST_TMPDIR/shimmed"
	grep -q 'answer: 42' "$BATS_TEST_TMPDIR/shimmed"
	assert_no_session
}

@test "what others put into the shared directory is loaded without the shim, and not with it" {
	cp "$OBJECTS/libanswer.so" "/tmp/$DIR.so"
	run -0 "$LOAD" open "/tmp/$DIR.so"
	assert_line 'answer: 42'
	run -1 shimmed "$LOAD" open "/tmp/$DIR.so"
	assert_output --partial "/tmp/$DIR.so: cannot open shared object file"
}

@test "the message about a missing object names it as the program did" {
	like_bare "$LOAD message /tmp/$DIR.so"
	like_bare "echo text >/tmp/$DIR.so && $LOAD message /tmp/$DIR.so"
	like_bare "$LOAD message /usr/lib/$DIR.so"
	grep -q "^/usr/lib/$DIR.so: " "$BATS_TEST_TMPDIR/shimmed"
}

@test "a namespace of its own can be loaded from a private directory" {
	like_bare "cp $OBJECTS/libanswer.so /tmp/$DIR.so && $LOAD space /tmp/$DIR.so"
}

@test "a name without a slash is looked for where the object that asks says" {
	like_bare "$LOAD in $OBJECTS/libopener.so libbeside.so"
	grep -qx found "$BATS_TEST_TMPDIR/shimmed"
	like_bare "$LOAD in $OBJECTS/libopener.so libanswer.so"
	like_bare "$LOAD in $OBJECTS/libopener.so '\$ORIGIN/libanswer.so'"
	grep -qx found "$BATS_TEST_TMPDIR/shimmed"
}

@test "the same holds for an object that lies in a private directory itself" {
	like_bare "mkdir /tmp/$DIR && cp -r $OBJECTS/libopener.so $OBJECTS/beside /tmp/$DIR &&
		$LOAD in /tmp/$DIR/libopener.so libbeside.so"
	grep -qx found "$BATS_TEST_TMPDIR/shimmed"
}

@test "objects elsewhere are what they were" {
	like_bare "$LOAD open $OBJECTS/libanswer.so"
	like_bare "cd $OBJECTS && $LOAD open ./libanswer.so"
	like_bare "$LOAD open libm.so.6 | head -n 1"
}

# up DIRECTORY: as many ".." as lead from it to "/".
up() {
	# shellcheck disable=SC2001 # a pattern of the shell has no "all but"
	sed 's:/[^/]*:/..:g' <<<"$1"
}

@test "a path is private if what the linker expands in it leads to a guarded directory" {
	local copy="cp $OBJECTS/libanswer.so" file

	like_bare "$copy /tmp/$DIR.so && $LOAD open '\$ORIGIN$(up "$PROGS")/tmp/$DIR.so' | grep answer:"
	like_bare "$copy /tmp/$DIR.so && $LOAD in $OBJECTS/libopener.so '\${ORIGIN}$(up "$OBJECTS")/tmp/$DIR.so'"
	like_bare "$copy /tmp/$DIR.so && $LOAD space '\$ORIGIN$(up "$PROGS")/tmp/$DIR.so'"
	like_bare "mkdir -p /tmp/$DIR/lib /tmp/$DIR/lib64 /tmp/$DIR/lib/x86_64-linux-gnu &&
		for dir in lib lib64 lib/x86_64-linux-gnu; do $copy /tmp/$DIR/\$dir/x.so; done
		$LOAD open '/tmp/$DIR/\$LIB/x.so' | grep answer:"
	like_bare "$copy '/tmp/$DIR\$1.so' && $LOAD open '/tmp/$DIR\$1.so' | grep answer:"
	like_bare "$LOAD message '\$ORIGIN$(up "$PROGS")/tmp/$DIR/none.so'" ||
		grep -q "cannot open shared object" "$BATS_TEST_TMPDIR/shimmed"
	assert_no_session
}

@test "what others put where such a path leads is loaded without the shim, and not with it" {
	local file

	cp "$OBJECTS/libanswer.so" "/tmp/$DIR.so"
	cp "$OBJECTS/libanswer.so" "/tmp/$DIR\$1.so"
	for file in "\$ORIGIN$(up "$PROGS")/tmp/$DIR.so" "/tmp/$DIR\$1.so"; do
		run "$LOAD" open "$file"
		[[ $status -eq 0 ]] || skip "this linker expands nothing"
		run -1 shimmed "$LOAD" open "$file"
		assert_output --partial "cannot open shared object file"
		PRIVTMP_ROOT=/nowhere run -1 --separate-stderr shimmed "$LOAD" open "$file"
	done
}

@test "without a session nothing is loaded from a guarded directory" {
	cp "$OBJECTS/libanswer.so" "/tmp/$DIR.so"
	PRIVTMP_ROOT=/nowhere run -1 --separate-stderr shimmed "$LOAD" open "/tmp/$DIR.so"
	assert_output --partial 'cannot open shared object file'
	PRIVTMP_ROOT=/nowhere run -0 shimmed "$LOAD" open "$OBJECTS/libanswer.so"
}
