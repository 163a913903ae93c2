#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# How findings are written down, and which of them count: without an audit, by progs/report,
# whose reports are known.
#
# shellcheck disable=SC2016,SC2154 # jq; what "run" sets

load common

REPORT=$PROGS/report
SCHEMA=$PRIVTMP_SOURCE/tools/audit/privtmp-report.schema.json

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	unset COLUMNS NO_COLOR
}

need_jq() {
	command -v jq >/dev/null || skip "needs jq"
}

# -- Text -----------------------------------------------------------------------

@test "text says what, where, by whom, what to do instead and how it is attacked" {
	run -0 "$REPORT" plain text -
	assert_line "5 findings: 2 high, 2 medium, 1 low."
	assert_line "high missing-exclusive: What is there already is taken for the program's own"
	assert_line "  (CWE-377, CWE-379, FIO03-C)"
	assert_line "  /tmp/legacy.log (3 times)"
	assert_line '    open("/tmp/legacy.log", O_WRONLY|O_CREAT|O_TRUNC, 0644)'
	assert_line "    at open_log (src/log.c:17), /usr/bin/legacy+0x1234"
	assert_line "    by legacy[4712], from legacy[4711], from sh[4690]"
	assert_line "    at /usr/lib/legacy/start.sh:9"
	assert_line "    after access at check_pid (src/pid.c:40), /usr/bin/legacy+0x1400"
	assert_line --partial "instead: Make files with O_CREAT|O_EXCL and mode 0600"
	assert_line --partial "ln -s ~alice/.profile /tmp/legacy"
	assert_line "  /tmp/legacy-4711.xK3dQ9 (4096 bytes)"
	assert_line "    repeat it: privtmp audit --attack -- legacy --daemon"
}

@test "text comes by rule, the most severe first" {
	run -0 "$REPORT" plain text -
	run -0 grep -oE '^(high|medium|low|note) [a-z-]+' <<<"$output"
	assert_output "high missing-exclusive
high foreign-object
medium check-then-use
low leftover"
}

@test "text in a pipe is plain, 80 wide or as COLUMNS says, and breaks no path" {
	run -0 "$REPORT" plain text -
	refute_output --partial $'\033'
	[[ $(wc -L <<<"$output") -le 80 ]]
	COLUMNS=40 run -0 "$REPORT" plain text -
	[[ $(wc -L <<<"$output") -le 40 ]]
	COLUMNS=20 run -0 "$REPORT" plain text -
	assert_output --partial "/tmp/legacy-4711.xK3dQ9"
}

@test "text on a terminal has colours, unless NO_COLOR is set, and the terminal's width" {
	command -v script >/dev/null || skip "needs script (util-linux)"
	run -0 env TERM=xterm script -qec "stty cols 40; $REPORT plain text -" /dev/null
	assert_output --partial $'\033[1;31mhigh\033[0m'
	[[ $(sed 's/\x1b\[[0-9;]*m//g; s/\r//' <<<"$output" | wc -L) -le 40 ]]
	run -0 env TERM=xterm NO_COLOR=1 script -qec "$REPORT plain text -" /dev/null
	refute_output --partial $'\033'
	assert_output --partial "high missing-exclusive"
	run -0 env TERM=dumb script -qec "$REPORT plain text -" /dev/null
	refute_output --partial $'\033'
}

@test "no line is wider than it may be, at any width, whatever a name holds" {
	local width which

	for width in 20 24 33 40 57 80 100; do
		for which in plain hostile rules; do
			LC_ALL=C.UTF-8 "$REPORT" "$which" text "$width" |
				sed 's/\x1b\[[0-9;]*m//g' >out
			[[ $(LC_ALL=C.UTF-8 wc -L <out) -le $width ]] ||
				fail "$which at $width: $(awk -v w="$width" 'length > w' out)"
		done
	done
}

@test "a name cannot act on a terminal, nor begin a line of its own" {
	run -0 "$REPORT" hostile text -
	refute_output --partial $'\033'
	assert_output --partial '/tmp/a\x0a\x1b[2J"]}'
	echo "$output" >out
	run ! grep '^\[2J' out
	run ! grep -P '[\x00-\x09\x0b-\x1f\x7f-\xff]' out
	LC_ALL=C.UTF-8 run -0 "$REPORT" hostile text -
	assert_output --partial '\u202e'
}

# -- JSON -----------------------------------------------------------------------

# A Python that can check a schema.
python_jsonschema() {
	local python

	for python in python3 /usr/bin/python3; do
		! "$python" -c 'import jsonschema' 2>/dev/null || {
			echo "$python"
			return
		}
	done
	return 1
}

@test "each line of a JSON report is as the schema says, which forbids what it does not name" {
	local python which

	python=$(python_jsonschema) || skip "needs python3-jsonschema"
	cat >check.py <<-'END'
		import json, jsonschema, sys
		schema = json.load(open(sys.argv[1]))
		jsonschema.Draft7Validator.check_schema(schema)
		check = jsonschema.Draft7Validator(schema)
		lines = [json.loads(line) for line in sys.stdin]
		for line in lines:
		    for error in check.iter_errors(line):
		        sys.exit(f"{error.message}\n{line}")
		order = ["report", "process", "event", "finding", "summary"]
		kinds = [order.index(line["type"]) for line in lines]
		assert kinds == sorted(kinds) and kinds[0] == 0 and kinds[-1] == 4, kinds
		print(len(lines))
	END
	for which in empty:2 plain:20 hostile:16 rules:13; do
		"$REPORT" "${which%:*}" json - >out
		run -0 "$python" check.py "$SCHEMA" <out
		assert_output "${which#*:}"
	done
	echo '{"type": "summary", "findings": -1}' >out
	run -1 "$python" check.py "$SCHEMA" <out
	echo '{"type": "other"}' >out
	run -1 "$python" check.py "$SCHEMA" <out
}

@test "JSON has all that is known of a finding, and what an enemy wrote stays within its string" {
	need_jq
	"$REPORT" plain json - >out
	run -0 jq -r 'select(.rule == "check-then-use") |
		[.path, .severity, .cwe[0], .cert[1], .call, .site.file, .site.line,
		 .first_call, .first_site.line, .pid, .count] | join(" ")' out
	assert_output "/tmp/legacy.pid medium CWE-367 POS35-C open src/pid.c 44 access 40 4711 1"
	run -0 jq -r 'select(.type == "summary") | "\(.findings) \(.high) \(.low)"' out
	assert_output "5 2 1"
	"$REPORT" hostile json - >out
	[[ $(wc -l <out) -eq 16 ]]
	run -0 jq -rs '[.[] | select(.type == "finding") | .path] | unique | length' out
	assert_output 1
	run -0 jq -rn 'input | .command_line | startswith("/tmp/a\n\u001b[2J\"]}")' out
	assert_output true
}

@test "a fingerprint is the same for the same fault, and another for another" {
	need_jq
	"$REPORT" plain json - | jq -r 'select(.fingerprint) | .fingerprint' >first
	"$REPORT" plain json - | jq -r 'select(.fingerprint) | .fingerprint' >second
	cmp first second
	[[ $(sort -u first | wc -l) -eq 5 ]]
	"$REPORT" many:2000 json - | jq -r 'select(.fingerprint) | .fingerprint' >many
	[[ $(sort -u many | wc -l) -eq 2000 ]]
}

# -- SARIF ----------------------------------------------------------------------

# What GitHub's reader wants, and GitLab's: each prints what is missing.
sarif_wants='
	def relative: test("^[a-zA-Z][a-zA-Z0-9+.-]*:") or startswith("/") or . == "" | not;
	def located: .physicalLocation | (.artifactLocation.uri | relative) and
		.region.startLine >= 1;
	if .version != "2.1.0" or (."$schema" | contains("sarif-2.1.0") | not)
		then "version" else empty end,
	(.runs[] |
		(.tool.driver.rules | map(.id)) as $ids |
		if .tool.driver.name != "privtmp" then "name" else empty end,
		if ($ids | length) != ($ids | unique | length) then "rules" else empty end,
		(.tool.driver.rules[] |
			if .shortDescription.text and .fullDescription.text and .help.text and
				(.properties.tags | index("security")) and
				(.properties."security-severity" | type == "string" and
					tonumber > 0 and tonumber <= 10) and
				(.name | test("^[A-Z][A-Za-z]+$")) and
				(.id == "not-covered" or
				 any(.properties.tags[]; test("^external/cwe/cwe-[0-9]+$")))
			then empty else "rule \(.id)" end),
		(.results[] |
			if .message.text and (.locations | length == 1 and all(located)) and
				.ruleId == $ids[.ruleIndex] and
				(.level | IN("note", "warning", "error")) and
				(.partialFingerprints.primaryLocationLineHash |
					test("^[0-9a-f]{16}:1$")) and
				(.codeFlows // [] |
					all(.[].threadFlows[].locations[].location; located))
			then empty else "result \(.)" end),
		if .results | length > 25000 then "too many" else empty end)'

@test "SARIF has what the readers of GitHub and GitLab want" {
	local which

	need_jq
	for which in empty plain hostile rules; do
		"$REPORT" "$which" sarif - >out
		run -0 jq -r "$sarif_wants" out
		assert_output ""
	done
	jq 'del(.runs[].results[].locations)' out >less
	run -0 jq -r "$sarif_wants" less
	assert_output --partial "result"
}

@test "SARIF leads from the check to the use, and to the program where there is no source" {
	need_jq
	"$REPORT" plain sarif - >out
	run -0 jq -r '.runs[].results[] | select(.codeFlows) |
		.codeFlows[0].threadFlows[0].locations[].location | "\(.message.text) " +
		(.physicalLocation | "\(.artifactLocation.uri):\(.region.startLine)")' out
	assert_output "access src/pid.c:40
open src/pid.c:44"
	run -0 jq -r '.runs[].results[] | select(.message.text | contains("legacy.d")) |
		.locations[].physicalLocation |
		"\(.artifactLocation.uri):\(.region.startLine) \(.address.relativeAddress)"' out
	assert_output "usr/bin/legacy:1 8192"
	run -0 jq -r '.runs[].results[] | select(.ruleId == "foreign-object") |
		.locations[].physicalLocation.region.startLine' out
	assert_output 9
}

@test "no name makes a link in a message of SARIF, or leads out of its URI" {
	need_jq
	"$REPORT" hostile sarif - >out
	run -0 jq -r '[.runs[].results[].message.text |
		select(test("(^|[^\\\\])\\[") or test("(^|[^{]){[^{]"))] | length' out
	assert_output 0
	run -0 jq -r '[.runs[].results[].locations[].physicalLocation.artifactLocation.uri |
		select(test("^[a-zA-Z0-9._~/+@=%-]+$") | not)] | length' out
	assert_output 0
}

@test "SARIF holds at most the 25,000 results that GitHub takes, and says so" {
	need_jq
	"$REPORT" many:25010 sarif - >out
	run -0 jq -r '.runs[0] | "\(.results | length) " +
		.invocations[0].toolExecutionNotifications[0].message.text' out
	assert_output "25000 0 calls were not counted, and 10 findings are left out."
	[[ $(gzip -c out | wc -c) -lt 10000000 ]]
}

# -- HTML -----------------------------------------------------------------------

@test "the page needs nothing else, and no script" {
	local which

	for which in empty plain hostile rules; do
		"$REPORT" "$which" html - >out
		run ! grep -iE '<(script|link|img|iframe|object|embed|base|form)\b' out
		run ! grep -iE '\b(src|href|action|on[a-z]+)=' out
		run ! grep -iE 'url\(|@import|https?:' out
		grep -q "default-src 'none'" out
		grep -q 'prefers-color-scheme:dark' out
	done
}

@test "all that an enemy wrote is text on the page" {
	command -v python3 >/dev/null || skip "needs python3"
	"$REPORT" hostile html - >out
	run ! grep -P '[\x00-\x09\x0b-\x1f\x7f]' out
	cat >parse.py <<-'END'
		import html.parser, sys
		known = set("html head meta title style body h1 h2 h3 p code pre span strong dl dt dd "
		            "div section article details summary ul li svg line circle path".split())
		void = {"meta", "line", "circle", "path"}
		class Parser(html.parser.HTMLParser):
		    def __init__(self):
		        super().__init__()
		        self.open, self.text = [], ""
		    def handle_starttag(self, tag, attributes):
		        assert tag in known, tag
		        for name, value in attributes:
		            assert "alert" not in (value or ""), (tag, name, value)
		        if tag not in void:
		            self.open.append(tag)
		    def handle_endtag(self, tag):
		        if tag not in void:
		            assert self.open.pop() == tag, tag
		    def handle_comment(self, text):
		        raise AssertionError(text)
		    def handle_data(self, text):
		        self.text += text
		page = Parser()
		page.feed(open(sys.argv[1], encoding="utf-8").read())
		page.close()
		assert not page.open, page.open
		assert page.text.count("<script>alert(1)</script><!--&amp;") > 50
		print("fine")
	END
	run -0 python3 parse.py out
	assert_output fine
}

@test "the page shows who made, opened and removed each file, and when" {
	"$REPORT" plain html - >out
	run -0 grep -c '<div class="row"><div><span class="path">' out
	assert_output 5
	run -0 sed -n 's/<[^>]*>//g; s/^\/tmp\/legacy\.d\/job\.tmp//p' out
	assert_output --partial "made by legacy[4712], renamed by legacy[4712]"
	grep -q '<title>removed by legacy\[4711\] after 1.6200 s</title>' out
	grep -q 'killed by signal 11' out
}

# -- What counts ------------------------------------------------------------------

@test "what little is known of a finding is written, in each format" {
	run -0 "$REPORT" bare text -
	assert_line "4 processes, 1 path call, 1.00 s."
	assert_line "9 findings: 1 high, 8 note; 1 suppressed; 1 known from the baseline."
	assert_line "  /tmp/b (2 times)"
	assert_line "    at run"
	assert_line "    after stat"
	assert_line "suppressed: not-covered "
	assert_line "known: not-covered /tmp/c"
	# Processes that are each other's parents are told of as far as is read.
	assert_line --regexp '^ *by \?\[7\], from \?\[9\], from '
	run -0 "$REPORT" bare json -
	assert_equal "$(grep -c '"type": "finding"' <<<"$output")" 11
	run -0 "$REPORT" bare sarif -
	assert_equal "$(grep -o '"ruleId"' <<<"$output" | wc -l)" 11
	run -0 "$REPORT" bare html -
	assert_output --partial "exit status 3"
	assert_output --partial "signal 9"
	assert_output --partial "Suppressed, or known from the baseline"
}

@test "where memory is lacking a report is shorter, and its writer does not die" {
	local which format

	for which in plain bare; do
		for format in text json sarif html; do
			run -0 --separate-stderr "$REPORT" "$which" "$format" - --no-memory
			[[ $stderr =~ ^[1-9][0-9]*\ times,\ 0\ deaths$ ]] || fail "$which, $format: $stderr"
		done
	done
}

@test "--fail-on looks at severity" {
	run -1 "$REPORT" plain json - --fail-on high
	run -1 "$REPORT" plain json - --fail-on note
	run -0 "$REPORT" empty json - --fail-on note
	echo '* *' >list
	run -0 "$REPORT" plain json - --suppress list --fail-on note
	printf '%s *\n' missing-exclusive foreign-object >list
	run -0 "$REPORT" plain json - --suppress list --fail-on high
	run -1 "$REPORT" plain json - --suppress list --fail-on medium
	run -2 "$REPORT" plain json - --fail-on severe
}

@test "what the baseline has already does not count" {
	local format

	need_jq
	for format in json sarif; do
		"$REPORT" plain "$format" - >former
		run -0 "$REPORT" plain json - --baseline former --fail-on note
		run -0 "$REPORT" plain text - --baseline former
		assert_line "0 findings; 5 known from the baseline."
		assert_line "known: check-then-use /tmp/legacy.pid"
	done
	"$REPORT" plain json - | jq . >former
	run -0 "$REPORT" plain json - --baseline former --fail-on note
	"$REPORT" plain json - | grep -v legacy.pid >former
	run -1 "$REPORT" plain text - --baseline former --fail-on note
	assert_line "1 finding: 1 medium; 4 known from the baseline."
	"$REPORT" plain sarif - --baseline former >out
	run -0 jq -r '[.runs[].results[] | .baselineState] | sort | join(" ")' out
	assert_output "new unchanged unchanged unchanged unchanged"
}

@test "a baseline that is none is told, and so is one that an enemy's name imitates" {
	run -2 "$REPORT" plain json - --baseline nowhere
	assert_output "privtmp: nowhere: cannot be read: No such file or directory (2); check its name"
	echo '{"a": 1}' >other
	run -2 "$REPORT" plain json - --baseline other
	assert_output "privtmp: other: is no JSON report of privtmp, or not a whole one; write one with --format json"
	: >other
	run -2 "$REPORT" plain json - --baseline other
	"$REPORT" plain json - | head -c 300 >other
	run -2 "$REPORT" plain json - --baseline other
	# A name that holds a whole member: it stays within its string.
	need_jq
	"$REPORT" plain json - | jq -c 'if .type == "finding" then
		{type, path: "\", \"fingerprint\": \"\(.fingerprint)"} else . end' >other
	run -1 "$REPORT" plain json - --baseline other --fail-on note
}

@test "a suppression names a rule, a path and a place" {
	cat >list <<-'END'
		# the log is mended in 2.0
		missing-exclusive /tmp/legacy.log /usr/bin/legacy

		leftover /tmp/legacy-*  # a comment
		check-then-use * src/pid.c:44
		foreign-object /tmp/hook.sh /usr/lib/legacy/start.sh:10
	END
	run -0 "$REPORT" plain text - --suppress list
	assert_line "2 findings: 1 high, 1 medium; 3 suppressed."
	assert_line "  /tmp/legacy.d"
	assert_line "  /tmp/hook.sh"
	assert_line "suppressed: leftover /tmp/legacy-4711.xK3dQ9"
	need_jq
	"$REPORT" plain sarif - --suppress list >out
	run -0 jq -r '[.runs[].results[] | select(.suppressions)] | length' out
	assert_output 3
}

@test "a place is a file, a script, a function or a module, with its line or without" {
	local place n

	while read -r n place; do
		echo "* * $place # mended" >list
		run -0 "$REPORT" plain json - --suppress list
		assert_equal "$place $(grep -c '"suppressed": true, "baseline"' <<<"$output")" "$place $n"
	done <<-'END'
		1 src/log.c
		1 src/log.c:17
		0 src/log.c:18
		1 open_log
		4 *
		3 /usr/bin/legacy
		1 /usr/lib/legacy/start.sh
		1 *.sh:9
		0 *.sh:8
		0 nowhere
	END
	printf 'leftover * # all of them\r\n' >list
	run -0 "$REPORT" plain json - --suppress list
	assert_equal "$(grep -c '"suppressed": true, "baseline"' <<<"$output")" 1
}

@test "of a baseline only the fingerprints of a report are read, wherever they stand" {
	local print

	print=$("$REPORT" plain json - | sed -n 's/.*"type": "finding".*"fingerprint": "\([0-9a-f]*\)".*/\1/p' | head -n 1)
	[[ ${#print} -eq 16 ]]
	# known N TEXT: so many of the findings are known from a baseline of this text.
	known() {
		printf '%s' "$2" >former
		run -0 "$REPORT" plain json - --baseline former
		assert_equal "$2 $(grep -c '"baseline": true' <<<"$output")" "$2 $1"
	}
	known 1 '{"tool":"privtmp"}{"fingerprint":"'"$print"'"}'
	known 1 $'{ "name"\t:\r\n"privtmp",\n "privtmp/v1" : "'"$print"'" }'
	known 0 '{"tool": "privtmp", "print": "'"$print"'"}'
	known 0 '{"tool": "privtmp", "fingerprint": "'"${print:1}"'"}'
	known 0 '{"tool": "privtmp", "fingerprint": "'"${print:1}"'G"}'
	known 0 '{"tool": "privtmp", "fingerprint": 1, "x": ["fingerprint", "'"$print"'"]}'
	known 0 '{"tool": "privtmp", "x": "\"fingerprint\": \"'"$print"'\""}'
	known 1 '{"tool": "privtmp", "'"$(printf '%0100d' 0)"'": "x", "fingerprint": "'"$print"'"}'
	known 0 '{"tool": "privtmp"}'
	for text in '' '{' '"' $'"\\' '{"tool": "priv' '{"tool": "other"}' '{"toil": "privtmp"}' \
		$'{"tool": "privtmp", "x": "\\'; do
		printf '%s' "$text" >former
		run -2 "$REPORT" plain json - --baseline former
		assert_output --partial "is no JSON report of privtmp, or not a whole one"
	done
	# As many as there may be.
	"$REPORT" many:500 json - >former
	run -0 "$REPORT" many:500 json - --baseline former --fail-on note
	mkdir directory
	run -2 "$REPORT" plain json - --baseline directory
	assert_output --partial "directory: cannot be read: Is a directory"
}

@test "a wrong line of suppressions is told with its number" {
	printf 'leftover *\nleft-over *\n' >list
	run -2 "$REPORT" plain json - --suppress list
	assert_output "privtmp: list:2: no rule has this name; a line is: RULE PATH [PLACE]"
	echo 'leftover' >list
	run -2 "$REPORT" plain json - --suppress list
	assert_output "privtmp: list:1: has no pattern for a path; a line is: RULE PATH [PLACE]"
	echo 'leftover a b c' >list
	run -2 "$REPORT" plain json - --suppress list
	assert_output "privtmp: list:1: has more than a rule, a path and a place; a line is: RULE PATH [PLACE]"
	run -2 "$REPORT" plain json - --suppress .
	assert_output --partial "cannot be read"
}
