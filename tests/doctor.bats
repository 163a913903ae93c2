# SPDX-License-Identifier: LGPL-2.1-or-later
# privtmp doctor: whether what was set up is in effect. In a mount namespace with an /etc
# of its own; nothing is written into the machine's.
#
# shellcheck disable=SC2016,SC2030,SC2031,SC2034 # expanded in there; each test is a subshell

load common
load run

setup() {
	NAME=privtmp-doctor-$$-$RANDOM
	STRANGE='' # nothing for teardown to end
	not_nested_sanitizer
}

# doctor_says LINE: there is one that begins so.
doctor_says() {
	assert_line --regexp "^$1"
}

@test "doctor finds the library by its bare name, or says that it is not found" {
	with_library 'set +e
		echo "mode = off" >/etc/privtmp.conf
		"$PRIVTMP" doctor --verbose; echo "status $?"
		rm "$(ldd /bin/true | sed -n "s,.*=> \(/.*\)/libc\.so\.6 .*,\1,p")/libprivtmp.so"
		"$PRIVTMP" doctor'
	doctor_says "fine: .*/shim/.libs/libprivtmp.so: is there"
	assert_line --regexp '^(fine|warning): .*/ld-.*: LD_PRELOAD=libprivtmp.so finds /.*/libprivtmp.so'
	doctor_says "fine: /etc/ld.so.preload: does not name the shim"
	assert_line "status 0"
	assert_line --regexp '^warning: .*: LD_PRELOAD=libprivtmp.so finds no library for 64-bit programs; '
}

@test "doctor says which programs the line in /etc/ld.so.preload reaches" {
	with_library 'set +e
		echo "mode = off" >/etc/privtmp.conf
		lib=$(dirname "$(ldd /bin/true | sed -n "s,.*=> \(/.*libc\.so\.6\) .*,\1,p")")
		try() { echo "$1" >/etc/ld.so.preload; "$PRIVTMP" doctor --verbose; echo "status $?"; }
		echo "# bare"; try libprivtmp.so
		echo "# full"; try "$(readlink -f "$lib")/libprivtmp.so"
		echo "# LIB"; try "/usr/\$LIB/libprivtmp.so"
		echo "# nowhere"; try /nowhere/libprivtmp.so 2>/dev/null
		echo "# open"; chmod 666 /etc/ld.so.preload; try "/usr/\$LIB/libprivtmp.so"
		: >/etc/privtmp.conf
		echo "# all"; try "/usr/\$LIB/libprivtmp.so"
		echo "# returned"; try "/usr/\$LIB/libprivtmp.so$(printf "\\r")" 2>/dev/null
		: >/etc/ld.so.preload'
	# $output by what was tried.
	local all=$output
	part() { output=$(sed -n "/^# $1/,/^# /p" <<<"$all"); }
	part bare
	assert_output --partial "problem: /etc/ld.so.preload:1: without its directory the shim is not loaded into set-user-ID programs; write /usr/\$LIB/libprivtmp.so, or its full path"
	assert_output --partial "status 1"
	part full
	assert_output --partial "libprivtmp.so: is loaded into 64-bit programs"
	refute_output --partial "without its directory"
	if [[ -e /lib/ld-linux.so.2 ]]; then
		assert_output --partial "problem: /etc/ld.so.preload: what it names cannot be loaded into 32-bit programs"
	else
		assert_output --partial "status 0"
	fi
	part LIB
	assert_output --partial "libprivtmp.so: is loaded into 64-bit programs"
	part nowhere
	assert_output --partial "problem: /etc/ld.so.preload: what it names cannot be loaded into 64-bit programs; correct the path: the shim is $SHIM"
	assert_output --partial "status 1"
	part open
	assert_output --partial "problem: /etc/ld.so.preload: others than root can write to it"
	refute_output --partial "every program of this machine"
	part all
	assert_output --partial "warning: /etc/ld.so.preload: every program of this machine gets a private /tmp"
	part returned
	assert_output --partial "problem: /etc/ld.so.preload:1: its name ends in a carriage return, which ld.so takes for a part of it; write the file with lines that end as Unix's do"
	refute_output --partial "does not name the shim"
}

@test "doctor names sections that no program matches, and why" {
	with_library 'set +e
		printf "#!/usr/bin/env perl\n" >/mnt/script
		cp /bin/true /mnt/program
		ln -s program /mnt/link
		: >/mnt/data
		chmod 755 /mnt/script
		cat >/etc/privtmp.conf <<-END
			mode = off
			[/mnt/program]
			mode = redirect
			[/mnt/script]
			mode = redirect
			[/mnt/link]
			mode = redirect
			[/mnt/none]
			mode = redirect
			[/mnt/none*/x]
			mode = redirect
			[/mnt/pro*]
			keep = never
			[/mnt/data]
			keep = never
			[/usr/b*/en?]
			keep = never
			nonsense = 1
			size-limit = 1G
			size-limit = 0
		END
		"$PRIVTMP" doctor; echo "status $?"'
	doctor_says "problem: /etc/privtmp.conf:4: /mnt/script is a script: what runs is /.*/env; sections go by that; for the script alone: privtmp wrap /mnt/script"
	doctor_says "problem: /etc/privtmp.conf:6: /mnt/link leads by a link to /mnt/program; write \[/mnt/program\]"
	doctor_says "warning: /etc/privtmp.conf:8: no program matches this section"
	doctor_says "warning: /etc/privtmp.conf:10: no program matches this section"
	doctor_says "warning: /etc/privtmp.conf:14: nothing that can be executed matches"
	doctor_says "problem: /etc/privtmp.conf:18: "
	doctor_says "warning: /etc/privtmp.conf:19: only privtmp run holds a session to a size"
	refute_output --partial "privtmp.conf:20:"
	refute_output --partial "privtmp.conf:2:"
	refute_output --partial "privtmp.conf:12:"
	refute_output --partial "privtmp.conf:16:"
	assert_line "status 1"
}

@test "doctor and check-config name configuration that root alone can read" {
	with_library 'set +e
		umask 022
		: >/etc/privtmp.conf
		rm -rf /etc/privtmp.conf.d
		"$PRIVTMP" check-config; echo "status $?"
		chmod 640 /etc/privtmp.conf
		mkdir -m 711 /etc/privtmp.conf.d
		"$PRIVTMP" check-config; echo "status $?"
		"$PRIVTMP" doctor; :'
	assert_line --index 0 "status 0"
	assert_line "privtmp: /etc/privtmp.conf: not all users can read it; let everybody read it"
	assert_line "privtmp: /etc/privtmp.conf.d: not all users can read it; let everybody read it"
	assert_line "status 1"
	doctor_says "problem: /etc/privtmp.conf: not all users can read it"
}

@test "doctor and check-config name configuration that is a link to nothing" {
	with_library 'set +e
		umask 022
		rm -rf /etc/privtmp.conf /etc/privtmp.conf.d
		ln -s /nowhere/d /etc/privtmp.conf.d
		"$PRIVTMP" check-config; echo "status $?"
		rm /etc/privtmp.conf.d
		mkdir /etc/privtmp.conf.d
		ln -s /nowhere/a /etc/privtmp.conf
		ln -s /nowhere/b /etc/privtmp.conf.d/b.conf
		"$PRIVTMP" check-config; echo "status $?"
		"$PRIVTMP" doctor
		"$PRIVTMP" run true; echo "run $?"; :'
	assert_line --index 0 "privtmp: /etc/privtmp.conf.d: a link that leads nowhere; make what it leads to, or remove it"
	assert_line --index 1 "status 1"
	assert_line --index 2 "privtmp: /etc/privtmp.conf: a link that leads nowhere; make what it leads to, or remove it"
	assert_line --index 3 --partial "privtmp: /etc/privtmp.conf.d/b.conf: a link that leads nowhere"
	assert_line --index 4 "status 1"
	doctor_says "problem: /etc/privtmp.conf: a link that leads nowhere"
	# As without a file.
	assert_line "run 0"
}

@test "check-config and doctor name confinement beside a scope that it does not go with" {
	local conf=$BATS_TEST_TMPDIR/conf clash

	clash="confine = yes goes with scope = tree alone; leave out one of the two"
	cat >"$conf" <<-END
		[/usr/bin/first]
		scope = process

		[/usr/bin/second]
		scope = process
		confine = no

		[/usr/bin/third]
		scope = root
		scope = tree

		[*]
		confine = yes

		[/usr/bin/fourth]
		scope = root
		keep = always
		[/usr/bin/fifth]
	END
	run -1 "$PRIVTMP" check-config "$conf"
	assert_output "privtmp: $conf:2: $clash
privtmp: $conf:16: $clash"
	printf '%s\n' "confine = yes" "[/usr/bin/first]" "keep = never" "[*]" "scope = process" >"$conf"
	run -1 "$PRIVTMP" check-config "$conf"
	assert_output "privtmp: $conf:5: $clash"
	printf '%s\n' "confine = auto" "[/usr/bin/first]" "scope = process" >"$conf"
	run -0 "$PRIVTMP" check-config "$conf"
	with_library 'set +e
		mkdir -p /etc/privtmp.conf.d
		printf "[/bin/sh]\nscope = process\n" >/etc/privtmp.conf
		echo "confine = yes" >/etc/privtmp.conf.d/a.conf
		"$PRIVTMP" check-config
		"$PRIVTMP" doctor; :'
	assert_line "privtmp: /etc/privtmp.conf:2: $clash"
	doctor_says "problem: /etc/privtmp.conf:2: $clash"
}

@test "check-config does not call a configuration right that it could not read to its end" {
	local pipe=$BATS_TEST_TMPDIR/pipe

	mkfifo "$pipe"
	run -1 timeout 10 "$PRIVTMP" check-config "$pipe"
	assert_output "privtmp: $pipe: a pipe that nothing came from; write to it, or name a file"
	# Each line by itself is right. It comes late, and once.
	run -1 timeout 10 "$PRIVTMP" check-config <(sleep .2; printf '%s\n' 'scope = root' 'confine = yes')
	assert_output --regexp "^privtmp: /dev/fd/[0-9]+:2: confine = yes goes with scope = tree alone; leave out one of the two\$"
	run -0 timeout 10 "$PRIVTMP" check-config <(echo 'scope = process') /dev/null
	refute_output
	yes '# no end' 2>/dev/null | (! timeout 10 "$PRIVTMP" check-config /dev/stdin 2>&1) | grep "too long"
}

@test "check-config says what an editor has put before the first line" {
	local conf=$BATS_TEST_TMPDIR/conf

	printf '\xef\xbb\xbf%s\n' 'mode = off' >"$conf"
	run -1 "$PRIVTMP" check-config "$conf"
	assert_output "privtmp: $conf:1: a byte-order mark before it; save the file without one"
}

@test "check-config names other settings by which no program gets a session" {
	local conf=$BATS_TEST_TMPDIR/conf line

	# What each is on its own, by the shim, and in a section.
	while IFS=: read -r line what; do
		printf "mode = redirect\n%b\n" "$line" >"$conf"
		run -1 "$PRIVTMP" check-config "$conf"
		assert_output "privtmp: $conf:$(wc -l <"$conf"): $what"
		printf "keep = never\n[/usr/bin/x]\n%b\n[/usr/bin/y]\n" "$line" >"$conf"
		run -1 "$PRIVTMP" check-config "$conf"
		assert_output "privtmp: $conf:$(($(wc -l <"$conf") - 1)): $what"
		if [[ $(id -u) -eq 0 ]]; then
			export LINE=$line
			with_library 'set +e
				printf "%b\n" "$LINE" >/etc/privtmp.conf
				LD_PRELOAD=$SHIM sh -c ": >/tmp/x" 2>&1; :'
			assert_output --partial "cannot create /tmp/x"
		fi
	done <<-'END'
		scope = root:scope = root is without a root; name in root = DIR what the programs share
		guard =:nothing is guarded; name a directory, too, or write mode = off
		guard = /srv\nguard =:nothing is guarded; name a directory, too, or write mode = off
		size-limit = 1M\nkeep = always:of a session with a size-limit nothing can be kept; leave out one of the two
		root = /srv\nsize-limit = 1M\nscope = root:a size-limit does not go with scope = root; leave out one of the two
	END
	while read -r line; do
		printf "%b\n" "$line" >"$conf"
		run -0 "$PRIVTMP" check-config "$conf"
		assert_output ""
	done <<-'END'
		[/x]\nscope = root\n[/**]\nroot = /srv
		mode = off\nscope = root
		scope = root\n[*]\nroot = /srv
		guard =\nguard = /srv
		guard = /srv\n[/x]\nguard =\n[/**]\nguard = /var/tmp
		[/x]\nguard = /srv\n[*]\nguard =
		guard =\nmode = off\n[/x]\nmode = redirect\nguard = /srv
		size-limit = 0\nkeep = always
		size-limit = 1M\n[/x]\nsize-limit = 0\nkeep = always
	END
}

@test "doctor names roots that are missing, or that others can exchange" {
	with_library 'set +e
		mkdir -m 1777 /mnt/good
		mkdir -m 777 /mnt/open /mnt/loose
		mkdir /mnt/open/root
		printf "root = /mnt/none\n[/bin/*]\nroot = /mnt/good\n[/sbin/*]\nroot = /mnt/loose\n" >/etc/privtmp.conf
		printf "[/usr/bin/*]\nroot = /mnt/open/root\nguard = /mnt/nowhere\nguard = /etc/passwd\n" \
			>/etc/privtmp.conf.d/x.conf 2>/dev/null || {
			mkdir /etc/privtmp.conf.d
			printf "[/usr/bin/*]\nroot = /mnt/open/root\nguard = /mnt/nowhere\nguard = /etc/passwd\n" \
				>/etc/privtmp.conf.d/x.conf
		}
		"$PRIVTMP" doctor; echo "status $?"
		: >/etc/privtmp.conf; rm -r /etc/privtmp.conf.d
		PRIVTMP_ROOT=/mnt/none "$PRIVTMP" doctor
		PRIVTMP_ROOT=/etc/passwd "$PRIVTMP" doctor; :'
	assert_line "problem: /etc/privtmp.conf:1: the root /mnt/none is not there; create it with mode 1777"
	doctor_says "problem: /etc/privtmp.conf:5: in the root /mnt/loose everybody can remove"
	doctor_says "problem: /etc/privtmp.conf.d/x.conf:2: others can exchange the root /mnt/open/root"
	doctor_says "warning: /etc/privtmp.conf.d/x.conf:3: the guarded directory /mnt/nowhere is not there"
	doctor_says "warning: /etc/privtmp.conf.d/x.conf:4: the guarded /etc/passwd is no directory"
	refute_output --partial /mnt/good
	assert_line "status 1"
	doctor_says "problem: PRIVTMP_ROOT: the root /mnt/none is not there"
	assert_line "problem: PRIVTMP_ROOT: the root /etc/passwd is no directory; name one"
}

@test "doctor names drop-ins that are without their library, their unit or effect" {
	with_library 'set +e
		mkdir -p /etc/systemd/system
		cd /etc/systemd/system
		for unit in good gone later unset noexec; do
			printf "[Service]\nExecStart=/bin/true\n" >$unit.service
			"$PRIVTMP" unit --install $unit >/dev/null
		done
		cp -r good.service.d broken.service.d
		sed -i "s,LD_PRELOAD=.*,LD_PRELOAD=/nowhere/\$LIB/libprivtmp.so\"," broken.service.d/privtmp.conf
		sed -i "s,^ExecStopPost=-[^ ]*,ExecStopPost=-/nowhere/privtmp," broken.service.d/privtmp.conf
		cp good.service broken.service
		rm gone.service
		printf "[Service]\nEnvironment=LD_PRELOAD=/lib/x.so\n" >later.service.d/z.conf
		printf "[Service]\nUnsetEnvironment=LD_PRELOAD\n" >unset.service.d/z.conf
		printf "[Service]\nNoExecPaths=/\n" >noexec.service.d/z.conf
		"$PRIVTMP" doctor --verbose; echo "status $?"'
	doctor_says "problem: .*/broken.service.d/privtmp.conf: it names /nowhere/\\\$LIB/libprivtmp.so, which is not there"
	doctor_says "problem: .*/broken.service.d/privtmp.conf: it runs /nowhere/privtmp, which is not there"
	doctor_says "warning: .*/gone.service.d/privtmp.conf: there is no such unit"
	doctor_says "problem: .*/later.service.d/privtmp.conf: the LD_PRELOAD of .*/later.service.d/z.conf wins over it"
	doctor_says "problem: .*/unset.service.d/privtmp.conf: UnsetEnvironment= takes LD_PRELOAD from the service"
	doctor_says "problem: .*/noexec.service.d/privtmp.conf: NoExecPaths= keeps the shim from being loaded"
	refute_line --regexp "^(problem|warning): .*/good.service.d"
	doctor_says "fine: .*/good.service.d/privtmp.conf: is there"
	assert_line "status 1"
}

@test "doctor names programs whose wrap an upgrade has undone" {
	local dir

	dir=$(scratch)
	for name in good replaced gone lost; do
		cp "$(command -v bash)" "$dir/$name"
		"$PRIVTMP" wrap "$dir/$name" >/dev/null
	done
	cp "$(type -P true)" "$dir/new" && mv "$dir/new" "$dir/replaced"
	rm "$dir/gone"
	rm "$dir/lost.privtmp-real"
	run -1 "$PRIVTMP" doctor --verbose "$dir"
	assert_line "problem: $dir/replaced: was wrapped, and has been replaced since, as by a package's upgrade: it runs unprotected; rm $dir/replaced.privtmp-real && privtmp wrap $dir/replaced"
	doctor_says "problem: $dir/gone: its launch script is gone; put the program back: mv "
	doctor_says "problem: $dir/lost: is wrapped, and the program itself is gone"
	assert_line "fine: $dir/good: is wrapped"
	# What it says would help does.
	rm "$dir/replaced.privtmp-real" "$dir/lost"
	"$PRIVTMP" wrap "$dir/replaced" >/dev/null
	mv "$dir/gone.privtmp-real" "$dir/gone"
	run "$PRIVTMP" doctor "$dir"
	refute_output --partial "$dir"
}

@test "doctor waits for nothing that others put where it looks, and reads no file without end" {
	local dir

	dir=$(scratch)
	touch "$dir"/{fifo,zero,long}.privtmp-real
	mkfifo "$dir/fifo"
	ln -s /dev/zero "$dir/zero"
	"$PRIVTMP" wrap --dry-run "$(type -P bash)" | sed 1d | head -n 3 >"$dir/long"
	truncate -s 1T "$dir/long"
	run -1 timeout 10 "$PRIVTMP" doctor "$dir"
	for name in fifo zero long; do
		assert_line --regexp "^problem: $dir/$name: was wrapped, and has been replaced since"
	done
}

@test "doctor and wrap show names, and what scripts of others name, escaped" {
	local dir evil=$'e\e[31m\xe2\x80\xae'

	dir=$(scratch)
	cp "$(command -v bash)" "$dir/$evil"
	run -0 env LC_ALL=C.UTF-8 "$PRIVTMP" wrap --dry-run "$dir/$evil"
	assert_output --partial 'e\x1b[31m\u202e.privtmp-real, and write:'
	assert_line --partial "exec '"
	refute_output --partial $'\e'
	refute_output --partial $'\xe2\x80\xae'
	run -0 env LC_ALL=C.UTF-8 "$PRIVTMP" wrap "$dir/$evil"
	assert_output --partial 'e\x1b[31m\u202e.privtmp-real now'
	rm "$dir/$evil"
	printf "#!/bin/sh\n# Written by privtmp wrap\nexec '/no\e[31m' run\n" >"$dir/x"
	touch "$dir/x.privtmp-real"
	run -1 env LC_ALL=C.UTF-8 "$PRIVTMP" doctor "$dir"
	refute_output --partial $'\e'
	refute_output --partial $'\xe2\x80\xae'
	assert_line --partial 'its launch script runs /no\x1b[31m, which is not there'
	assert_line --partial 'its launch script is gone; put the program back: mv '
}

@test "doctor names a directory that it cannot look into" {
	run -1 "$PRIVTMP" doctor /no/such "" /dev/null
	assert_line "problem: /no/such: cannot be looked into: No such file or directory; check its name"
	assert_line "problem: '': cannot be looked into: No such file or directory; check its name"
	assert_line "problem: /dev/null: cannot be looked into: Not a directory; check its name"
}

@test "doctor says the same to programs, and takes no PID" {
	command -v jq >/dev/null || skip "needs jq"
	local dir

	dir=$(scratch)
	cp "$(command -v bash)" "$dir/legacy"
	"$PRIVTMP" wrap "$dir/legacy" >/dev/null
	cp "$(type -P true)" "$dir/new" && mv "$dir/new" "$dir/legacy"
	run -1 --separate-stderr "$PRIVTMP" doctor --format json "$dir"
	run -0 jq -r --arg about "$dir/legacy" '.problems, (.findings[] |
		select(.about == $about) | .level, .area, .remedy)' <<<"$output"
	assert_line --index 0 1
	assert_line --index 1 problem
	assert_line --index 2 wrap
	assert_line --index 3 --partial "privtmp wrap $dir/legacy"
	run -2 "$PRIVTMP" doctor --scope tree
	assert_output --partial "unknown option"
}
