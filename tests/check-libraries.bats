# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck disable=SC2016 # what the dynamic linker expands
#
# privtmp check finds the libraries that the dynamic linker would: of both libcs, by each kind
# of list, and by whatever is in the place of the cache.

load common

setup() {
	DIR=$(scratch)
	cd "$DIR" || return
	[[ -x $PRIVTMP_BUILD/tools/checker ]] || skip "was built without libelf"
	[[ -z ${PRIVTMP_SANITIZER:-} ]] || skip "compares lists of libraries"
}

# library DIRECTORY NAME [OPTION]...: lib/NAME.so there, of an empty function.
library() {
	mkdir -p "$1"
	${CC:-cc} -x c - -x none -shared -fPIC -Wl,--no-as-needed -o "$1/lib$2.so" "${@:3}" <<<"void $2(void) { }"
}

# program [OPTION]...: "prog", which calls what the libraries on the command line have.
program() {
	${CC:-cc} -x c - -x none -o prog -Wl,--no-as-needed "$@" <<<'int main(void) { return 0; }'
}

# libraries: those of prog, but for libc, and what was not found.
libraries() {
	"$PRIVTMP" check --format json prog >list || :
	sed -n 's/.*"libraries": \[\([^]]*\)\].*/\1/p' list | sed 's/", "/\n/g; s/"//g' |
		grep -vE '^$|/(libc\.so|ld-)[^/]*$' | sed "s,$DIR/,,"
	sed -n 's/.*"missing_libraries": \[\([^]]*\)\].*/\1/p' list | sed 's/", "/\n/g; s/"//g' |
		sed -n 's/..*/no &/p'
}

@test "a list of directories is searched in order, with what stands in it" {
	library one a
	library two a
	library two b
	library three b
	program -Lone -la -Ltwo -lb -Wl,--enable-new-dtags,-rpath,':$ORIGIN/no:$ORIGIN/one:${ORIGIN}/two'
	run -0 libraries
	assert_output $'one/liba.so\ntwo/libb.so'
	program -Lone -la -Ltwo -lb -Wl,--disable-new-dtags,-rpath,'${ORIGIN}/three::$ORIGIN/two'
	run -0 libraries
	assert_output $'two/liba.so\nthree/libb.so'
	# No variable, or not a whole one.
	program -Lone -la -Wl,-rpath,'$ORIGI/one:${ORIGIN/one:$ORIGINone/x:$HOME'
	run -0 libraries
	assert_output "no liba.so"
	# What is no library for this machine, or none at all, is passed over.
	mkdir -p four/liba.so five
	echo text >five/liba.so
	program -Lone -la -Wl,-rpath,"$DIR/four:$DIR/five:$DIR/$(printf '%03000d' 0):$DIR/two"
	run -0 libraries
	assert_output "two/liba.so"
}

@test "LIB stands for the system's directory of libraries" {
	local lib

	[[ $(uname -m) == x86_64 && $(getconf LONG_BIT) == 64 ]] || skip "knows that of x86-64"
	for lib in lib/x86_64-linux-gnu lib64; do
		[[ ! -e /$lib ]] || break
	done
	library "$lib/own" a
	program "-L$lib/own" -la -Wl,-rpath,'$ORIGIN/$LIB/own'
	run -0 libraries
	assert_output "$lib/own/liba.so"
	program "-L$lib/own" -la -Wl,-rpath,'$ORIGIN/${LIB}/own'
	run -0 libraries
	assert_output "$lib/own/liba.so"
}

@test "the list of the old kind holds for what a library needs, too, and the new one does not" {
	library in b
	library out a -Lin -lb
	program -Lout -la -Wl,-rpath-link,in -Wl,--disable-new-dtags,-rpath,"$DIR/in:$DIR/out"
	run -0 libraries
	assert_output $'out/liba.so\nin/libb.so'
	program -Lout -la -Wl,-rpath-link,in -Wl,--enable-new-dtags,-rpath,"$DIR/in:$DIR/out"
	run -0 libraries
	assert_output $'out/liba.so\nno libb.so'
	# A library with a list of the new kind has that alone.
	library out a -Lin -lb -Wl,--enable-new-dtags,-rpath,"$DIR/none"
	program -Lout -la -Wl,-rpath-link,in -Wl,--disable-new-dtags,-rpath,"$DIR/in:$DIR/out"
	run -0 libraries
	assert_output $'out/liba.so\nno libb.so'
}

@test "a library is there once, by its file, by its name for itself, and by its path" {
	library one a -Wl,-soname,libother.so
	ln -s liba.so one/libother.so
	library one b -Wl,-soname,"$DIR/one/libb.so"
	library one f "$DIR/one/libb.so" -Lone -la
	program -Lone -lf -la "$DIR/one/libb.so" -Wl,-rpath,'$ORIGIN/one'
	run -0 libraries
	assert_output $'one/libf.so\none/libother.so\none/libb.so'
	# What is missing is named once, whoever needs it, and no file is read twice.
	library two d -Wl,-soname,libgone.so
	ln -sf libd.so two/libgone.so
	library one e -Ltwo -ld
	program -Lone -le -Ltwo -ld -Wl,-rpath,'$ORIGIN/one'
	run -0 libraries
	assert_output $'one/libe.so\nno libgone.so'
}

@test "a program of musl's is searched for as musl does" {
	local linker=/lib/ld-musl-x86_64.so.1

	library one a
	library two b
	library one f -Ltwo -lb -Wl,-rpath,"$DIR/two"
	program -Lone -la -lf -Wl,-rpath-link,two "-Wl,--dynamic-linker=$linker,-rpath,$DIR/one"
	run libraries
	assert_line --index 0 "one/liba.so"
	assert_line "one/libf.so"
	[[ $EUID -eq 0 ]] && unshare --mount true 2>/dev/null || skip "needs a mount namespace"
	library three d
	program -Lthree -ld "-Wl,--dynamic-linker=$linker"
	run libraries
	assert_line "no libd.so"
	for list in "$DIR/two"$'\n'"$DIR/three" "$DIR/two:$DIR/three" "$DIR/three"; do
		run unshare --mount bash -c 'mount -t tmpfs tmp /etc && echo "$1" >/etc/ld-musl-x86_64.path
			"$PRIVTMP" check --format json prog' bash "$list"
		assert_output --partial "\"$DIR/three/libd.so\""
	done
}

@test "whatever is in the place of the linker's cache, the usual directories are searched" {
	local cache

	[[ $EUID -eq 0 ]] && unshare --mount true 2>/dev/null || skip "needs a mount namespace"
	[[ $(getconf LONG_BIT) == 64 ]] || skip "knows where the libraries of 64 bits are"
	program -lm
	run -0 libraries
	assert_output --regexp '^/.*/libm\.so\.6$'
	# Each line makes one.
	while read -r cache; do
		run unshare --mount bash -c 'mount -t tmpfs tmp /mnt && cp /etc/ld.so.cache /mnt/whole
			mount -t tmpfs tmp /etc && cd /etc && eval "$1"
			"$PRIVTMP" check --format json "$2"' bash "$cache" "$DIR/prog"
		assert_output --partial "/libm.so.6\""
	done <<-'END'
		true
		echo text >ld.so.cache
		: >ld.so.cache
		head -c 40 /mnt/whole >ld.so.cache
		head -c 100 /mnt/whole >ld.so.cache
		head -c 4000 /mnt/whole >ld.so.cache
		{ printf 'ld.so-1.7.0\0\0\0\0\0'; cat /mnt/whole; } >ld.so.cache
		{ printf 'ld.so-1.7.0\0\1\0\0\0AAAABBBBCCCC\0\0\0\0'; cat /mnt/whole; } >ld.so.cache
		printf 'ld.so-1.7.0\0\377\377\377\377' >ld.so.cache
		mkdir ld.so.cache
	END
}

@test "a program for another machine is told with that machine's name" {
	local number name

	program
	while read -r number name; do
		cp prog other
		# shellcheck disable=SC2059 # bytes
		printf "\\x${number:2}\\x${number:0:2}" |
			dd of=other bs=1 seek=18 conv=notrunc status=none
		run "$PRIVTMP" check --verbose other
		assert_line --index 0 "other: not-covered"
		assert_output --partial "-bit $name,"
	done <<-'END'
		0028 arm
		00b7 arm64
		00f3 riscv
		0015 ppc64
		0014 ppc
		0016 s390
		0008 mips
		0102 loongarch
		0003 i386
		1234 machine 4660
	END
}
