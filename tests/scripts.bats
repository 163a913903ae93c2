# SPDX-License-Identifier: LGPL-2.1-or-later
# Scripts that lie in /tmp are executed as the kernel executes scripts elsewhere.

load common

setup() {
	need_own_tmp
	DIR=$(scratch)
	cd "$DIR" || return
}

teardown() {
	has_own_tmp || return 0
	cd /
	rm -rf /tmp/y /tmp/d-s
	assert_no_session
}

@test "the first line of a script in /tmp is read as far, and split, as the kernel does" {
	local n slashes
	# printf's formats: not each has an end of the line.
	local -a lines=('a\n' 'a b \t\n' ' \t\n' '' ' ' ' a  ' 'a\t')

	lines=("${lines[@]/#/#!/tmp/y }" '#!/tmp/y' "#!/tmp/y $(printf '%0300d' 0)")
	for ((n = 243; n < 251; n++)); do
		printf -v slashes "%0${n}d" 0
		lines+=("#!${slashes//0//}tmp/y" "#!${slashes//0//}tmp/y\necho shell\n"
			"#!${slashes//0/ }/tmp/y z\necho shell\n"
			"#!${slashes//0/ }/tmp/y    z\necho shell\n")
	done
	cat >first-lines <<-'EOF'
		install -m 755 "$ECHO" /tmp/y
		for line; do
			printf "$line" >/tmp/d-s
			chmod 755 /tmp/d-s
			# By the shell, where the kernel finds no interpreter.
			env /tmp/d-s z 2>&1
		done
		rm /tmp/y /tmp/d-s
	EOF
	like_bare "sh '$PWD/first-lines' $(printf "'%s' " "${lines[@]}")"
	grep -qx shell "$BATS_TEST_TMPDIR/shimmed"
}
