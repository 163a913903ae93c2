# SPDX-License-Identifier: LGPL-2.1-or-later
# What completes privtmp's command lines is made from the tables that --help is made
# from, and says the same.
#
# shellcheck disable=SC2016,SC2030,SC2031 # expanded by the other shells

load common

setup() {
	PATH=$PRIVTMP_BUILD/tools:$PATH
	COMPLETION=$PRIVTMP_SOURCE/tools/completion
	unset XDG_CONFIG_HOME
}

teardown() {
	[[ -z ${LAUNCHER:-} ]] || pkill -P "$LAUNCHER" -x sleep || :
}

# subcommands, options SUBCOMMAND: the names, as --help has them.
subcommands() { "$PRIVTMP" --help | sed -n 's/^  \([a-z][a-z-]*\)  .*/\1/p'; }
options() { "$PRIVTMP" "$1" --help | grep -o -- '^...  *--[a-z0-9-]*\|^  -., --[a-z0-9-]*' | grep -o -- '--.*'; }

# complete WORD...: what bash offers for the last of these words.
complete_bash() {
	bash -c '. "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _privtmp
		printf "%s\n" "${COMPREPLY[@]}"' "$COMPLETION/privtmp" "$@"
}

@test "bash completes each subcommand and each of its options" {
	local name

	run -0 complete_bash privtmp ''
	for name in $(subcommands); do
		assert_line "$name"
	done
	[[ $(subcommands | wc -l) -gt 5 ]]
	for name in $(subcommands); do
		run -0 complete_bash privtmp "$name" --
		assert_equal "$(printf '%s\n' "${lines[@]}" | sort)" "$(options "$name" | sort)"
	done
}

@test "bash completes an option's words, directories, files and commands" {
	cd "$BATS_TEST_TMPDIR"
	mkdir some-dir
	touch some-file
	run -0 complete_bash privtmp run --keep ''
	assert_output $'never\nfailure\nalways'
	run -0 complete_bash privtmp run --scope ''
	assert_output $'tree\nprocess'
	run -0 complete_bash privtmp unit --scope ''
	assert_output $'tree\nprocess\nroot'
	run -0 complete_bash privtmp run --guard some
	assert_output some-dir
	run -0 complete_bash privtmp explain some
	assert_line some-file
	run -0 complete_bash privtmp run --verbose tru
	assert_line true
	run -0 complete_bash privtmp --completion ''
	assert_output $'bash\nzsh\nfish'
	run -0 complete_bash privtmp li
	assert_output list
}

@test "bash completes what follows --option=, whether or not = breaks words" {
	run -0 complete_bash privtmp run --uncovered =
	assert_output $'auto\nmount\nconfine\ndeny\nwarn'
	run -0 complete_bash privtmp run --backend = pr
	assert_output preload
	run -0 complete_bash privtmp run --backend=pr
	assert_output --backend=preload
	# An argument that may be left out is none without the "=".
	run -0 complete_bash privtmp run --confine = a
	assert_output auto
	run -0 complete_bash privtmp run --confine --bac
	assert_output --backend
	cd "$BATS_TEST_TMPDIR"
	mkdir some-dir
	run -0 complete_bash privtmp run --root=some
	assert_output --root=some-dir
	run -0 complete_bash privtmp explain --root = some-dir --gu
	assert_output --guard
	# A number is not completed, by files least of all.
	run -0 complete_bash privtmp run --size-limit ''
	assert_output ''
	# What has a "=" in the command's own arguments is a file, as ever.
	run -0 complete_bash privtmp run dd if = some
	assert_line some-dir
}

@test "a terminal with bash, and one with zsh, completes it" {
	local shell line

	command -v expect >/dev/null || skip "needs expect"
	export HOME=$BATS_TEST_TMPDIR/home
	mkdir -p "$HOME/.config/systemd/user"
	touch "$HOME/.config/systemd/user/privtmp-own.service"
	cat >"$BATS_TEST_TMPDIR/type" <<-'EXPECT'
		set timeout 10
		log_user 0
		lassign $argv shell completion given want
		if {$shell eq "bash"} {
			spawn env PS1=> bash --norc -i
			send ". $completion/privtmp; echo rea\"\"dy\r"
		} else {
			spawn env PS1=> zsh -f -i
			send "fpath+=($completion); autoload -U compinit; compinit -D -u; echo rea\"\"dy\r"
		}
		expect "ready"
		send "$given\t"
		expect "$want" { exit 0 } timeout { exit 1 } eof { exit 2 }
	EXPECT
	for shell in bash zsh; do
		command -v "$shell" >/dev/null || continue
		# What the key adds is behind the "+".
		for line in "privtmp help sta+tus" "privtmp run --uncovered=wa+rn" \
			"privtmp run --backend=p+reload" "privtmp run --confine=y+es" \
			"privtmp --com+pletion" "privtmp --completion f+ish" \
			"privtmp unit --user privtmp-o+wn.service"; do
			run -0 expect "$BATS_TEST_TMPDIR/type" "$shell" "$COMPLETION" \
				"${line%+*}" "${line/+/}" </dev/null
		done
	done
}

@test "help and version take what they show" {
	run -0 complete_bash privtmp help ''
	assert_equal "$(printf '%s\n' "${lines[@]}")" "$(subcommands)"
	run -0 complete_bash privtmp help st
	assert_output status
	run -0 complete_bash privtmp help status ''
	assert_output ''
	run -0 complete_bash privtmp version ''
	assert_output --verbose
}

@test "zsh takes its completion, with each subcommand and option" {
	local name option

	command -v zsh >/dev/null || skip "needs zsh"
	run -0 zsh -fc 'eval "$(privtmp --completion zsh)"; whence -v _privtmp'
	assert_output --partial "_privtmp is a shell function"
	run -0 zsh -n "$COMPLETION/_privtmp"
	run -0 "$PRIVTMP" --completion zsh
	for name in $(subcommands); do
		assert_line --regexp "^	$name\\)\$"
		for option in $(options "$name"); do
			assert_line --regexp "'\\*$option(=-?)?\\["
		done
	done
}

@test "fish takes its completion, with each subcommand and option" {
	local name option

	run -0 "$PRIVTMP" --completion fish
	for name in $(subcommands); do
		for option in $(options "$name"); do
			assert_line --partial "from $name' -l ${option#--} "
		done
	done
	command -v fish >/dev/null || skip "needs fish"
	run -0 fish -c 'privtmp --completion fish | source; complete -C "privtmp "'
	assert_line --partial run
	run -0 fish -c 'privtmp --completion fish | source; complete -C "privtmp help st"'
	assert_line --regexp '^status\b'
	run -0 fish -c 'privtmp --completion fish | source; complete -C "privtmp run --confine=a"'
	assert_line --partial --confine=auto
	run -0 fish -c 'privtmp --completion fish | source; complete -C "privtmp --com"'
	assert_line --regexp '^--completion\b'
	run -0 fish -c 'privtmp --completion fish | source; complete -C "privtmp --completion f"'
	assert_line fish
	mkdir -p "$BATS_TEST_TMPDIR/home/.config/systemd/user"
	touch "$BATS_TEST_TMPDIR/home/.config/systemd/user/privtmp-own.service"
	HOME=$BATS_TEST_TMPDIR/home run -0 fish -c 'privtmp --completion fish | source
		complete -C "privtmp unit --user privtmp-o"'
	assert_line privtmp-own.service
}

@test "another shell is told which ones there are" {
	run -2 "$PRIVTMP" --completion tcsh
	assert_output "privtmp: tcsh: unknown shell; use bash, zsh or fish"
	run -2 "$PRIVTMP" --completion
	assert_output --partial "use bash, zsh or fish"
}

@test "sessions and units are completed by what there is" {
	local id

	mkdir -p "$BATS_TEST_TMPDIR/home/.config/systemd/user"
	touch "$BATS_TEST_TMPDIR/home/.config/systemd/user/"{privtmp-a.service,privtmp-b.socket,'privtmp-$(x).service'}
	"$PRIVTMP" run sh -c 'echo x >/tmp/x; echo ready; exec sleep 60' >"$BATS_TEST_TMPDIR/log" 3>&- &
	LAUNCHER=$!
	wait_until 10 grep -q ready "$BATS_TEST_TMPDIR/log"
	id=$(new_sessions | sed -n 's,^/tmp/.privtmp-,,p')
	run -0 complete_bash privtmp enter "${id:0:5}"
	assert_output "$id"
	# Behind an option's argument, and not behind the session.
	run -0 complete_bash privtmp enter --root /tmp "${id:0:5}"
	assert_output "$id"
	run -0 complete_bash privtmp enter "$id" tru
	assert_line true
	HOME=$BATS_TEST_TMPDIR/home run -0 complete_bash privtmp unit --user privtmp-
	assert_output $'privtmp-a.service\nprivtmp-b.socket'
	HOME=$BATS_TEST_TMPDIR/home run -0 complete_bash privtmp status --user privtmp-a
	assert_output privtmp-a.service
	run -0 complete_bash privtmp status tru
	assert_line true
	pkill -P "$LAUNCHER" -x sleep
	wait "$LAUNCHER" || :
	assert_no_session
	run -2 "$PRIVTMP" --complete nonsense
	assert_output --partial "use sessions, units or user-units"
}

@test "a mistyped word is answered with what it may have been meant to be" {
	run -2 "$PRIVTMP" lsit
	assert_output "privtmp: lsit: unknown subcommand; did you mean list? see privtmp --help"
	run -2 "$PRIVTMP" stauts
	assert_output --partial "did you mean status?"
	run -2 "$PRIVTMP" quite-something-else
	assert_output "privtmp: quite-something-else: unknown subcommand; see privtmp --help"
	run -125 "$PRIVTMP" run --gaurd /srv true
	assert_output "privtmp: --gaurd: unknown option; did you mean --guard? see privtmp run --help"
	run -125 "$PRIVTMP" run --kepe=never true
	assert_output --partial "did you mean --keep?"
	run -125 "$PRIVTMP" run --nothing-like-that true
	assert_output --partial "unknown option; see"
}

@test "help and version are words, too" {
	local words

	diff <("$PRIVTMP" help) <("$PRIVTMP" --help)
	diff <("$PRIVTMP" help run) <("$PRIVTMP" run --help)
	diff <("$PRIVTMP" version) <("$PRIVTMP" --version)
	diff <("$PRIVTMP" version --verbose) <("$PRIVTMP" --version --verbose)
	run -2 "$PRIVTMP" help lsit
	assert_output --partial "did you mean list?"
	# Nothing else is meant than the help.
	for words in "help help" "help --help" "help -h" "help version" "version --help" "version help"; do
		# shellcheck disable=SC2086 # words
		diff <("$PRIVTMP" $words) <("$PRIVTMP" --help)
	done
}

@test "a word that help, version or completion does not take is named, not ignored" {
	local words

	for words in "help sweep x" "help help x" "--help x" "-h x" "version x" "--version x" \
		"--version --verbose x" "-V x" "--completion bash x" "--complete units x"; do
		# shellcheck disable=SC2086 # words
		run -2 "$PRIVTMP" $words
		assert_output "privtmp: x: one word too many; see privtmp --help"
	done
}
