#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# Reports, as others read them: the page in a browser, SARIF by its own schema.
#
# shellcheck disable=SC2016 # a script of the page

load ../common

REPORT=$PROGS/report

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

need_chromium() {
	command -v chromium >/dev/null || skip "needs chromium"
	# Root has to say that it knows what it does.
	CHROMIUM=(timeout 100 chromium --headless --disable-gpu --no-sandbox
		--user-data-dir="$PWD/profile")
	"${CHROMIUM[@]}" --dump-dom about:blank >/dev/null 2>&1 || skip "chromium does not start"
}

# ask WIDTH SCHEME SCRIPT: what SCRIPT gives in the page, of which the ban on scripts is taken
# out. It is in a frame of that width: a window has a least one.
ask() {
	local scheme=1

	[[ $2 != dark ]] || scheme=0
	sed '/Content-Security-Policy/,/>$/d' page.html >scripted.html
	echo "<script>parent.postMessage('is ' + ($3), '*');</script>" >>scripted.html
	cat >frame.html <<-END
		<!DOCTYPE html><title>none</title><script>
		onmessage = m => document.title = m.data;</script>
		<iframe src="scripted.html" width="$1" height="900" style="border:0"></iframe>
	END
	HOME=$PWD "${CHROMIUM[@]}" --blink-settings=preferredColorScheme=$scheme \
		--hide-scrollbars --window-size=1500,900 --virtual-time-budget=5000 \
		--dump-dom "file://$PWD/frame.html" 2>/dev/null |
		sed -n 's/.*<title>is \(.*\)<\/title>.*/\1/p'
}

@test "the page is as wide as the window, from 400 to 1400 pixels, light and dark" {
	local width scheme which

	need_chromium
	for which in plain hostile rules; do
		"$REPORT" "$which" html - >page.html
		for width in 400 700 705 1000 1400; do
			for scheme in light dark; do
				run -0 ask "$width" "$scheme" \
					'innerWidth + " " + document.documentElement.scrollWidth'
				assert_output "$width $width"
			done
		done
	done
}

@test "the page is light or dark as the reader wants, and can be read in both" {
	local scheme

	need_chromium
	"$REPORT" plain html - >page.html
	# The contrast of WCAG, of all that has a text of its own with what lies behind it.
	cat >contrast.js <<-'END'
		(() => {
		const light = c => { const v = c.match(/[\d.]+/g).slice(0, 3).map(x => x / 255)
			.map(x => x <= .03928 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4);
			return .2126 * v[0] + .7152 * v[1] + .0722 * v[2]; };
		const behind = e => { for (; e; e = e.parentElement) {
			const c = getComputedStyle(e).backgroundColor;
			if (c != "rgba(0, 0, 0, 0)") return c; } return "rgb(255, 255, 255)"; };
		let worst = 21, n = 0;
		for (const e of document.body.querySelectorAll("*")) {
			if (![...e.childNodes].some(c => c.nodeType == 3 && c.data.trim())) continue;
			if (e.closest("svg, script")) continue;
			const a = light(getComputedStyle(e).color), b = light(behind(e));
			n++;
			worst = Math.min(worst, (Math.max(a, b) + .05) / (Math.min(a, b) + .05));
		}
		return (light(behind(document.body)) < .1 ? "dark " : "light ") +
			(n > 50) + " " + (worst >= 4.5 || worst);
		})()
	END
	for scheme in light dark; do
		run -0 ask 1000 "$scheme" "$(cat contrast.js)"
		assert_output "$scheme true true"
	done
}

@test "the browser draws the files' lives in the order of time, and runs nothing" {
	need_chromium
	"$REPORT" plain html - >page.html
	run -0 ask 1000 light '(() => { const x = (row, kind) => document.querySelectorAll(".row")[row]
		.querySelector("svg svg." + kind).getBoundingClientRect().x;
		return [x(2, "made") < x(2, "removed"), x(1, "opened") < x(2, "made"),
			document.querySelectorAll(".row svg[role]").length].join(" "); })()'
	assert_output "true true 5"
	"$REPORT" hostile html - >page.html
	run -0 ask 1000 light 'document.querySelectorAll("script").length'
	assert_output 1
}

@test "a picture of the page can be taken" {
	need_chromium
	"$REPORT" plain html - >page.html
	HOME=$PWD "${CHROMIUM[@]}" --window-size=400,900 --screenshot="$PWD/page.png" \
		"file://$PWD/page.html" >/dev/null 2>&1
	run -0 od -An -tx1 -N24 page.png
	assert_line --index 0 " 89 50 4e 47 0d 0a 1a 0a 00 00 00 0d 49 48 44 52"
	assert_line --index 1 " 00 00 01 90 00 00 03 84" # 400, 900
	# Nothing but the ground would be a few thousand bytes.
	[[ $(stat -c %s page.png) -gt 20000 ]]
}

@test "SARIF validates against its schema" {
	local python

	command -v npm >/dev/null || skip "needs npm"
	for python in python3 /usr/bin/python3 none; do
		"$python" -c 'import jsonschema' 2>/dev/null && break
	done
	[[ $python != none ]] || skip "needs python3-jsonschema"
	# Of these, it is the schema alone that is used: nothing of them is run.
	HOME=$PWD timeout 100 npm pack --silent @microsoft/jest-sarif@1.0.0-beta.0 >/dev/null 2>&1 ||
		skip "the package with the schema cannot be had from npm"
	tar -xzf microsoft-jest-sarif-1.0.0-beta.0.tgz package/lib/schemas
	cat >check.py <<-'END'
		import json, jsonschema, sys
		schema = json.load(open(sys.argv[1]))
		check = jsonschema.validators.validator_for(schema)(schema)
		errors = [error.message for error in check.iter_errors(json.load(sys.stdin))]
		print(errors[:3] if errors else "valid")
	END
	for which in empty plain hostile rules many:500; do
		"$REPORT" "$which" sarif - >out
		run -0 "$python" check.py package/lib/schemas/sarif-2.1.0-*.json <out
		assert_output valid
	done
	sed 's/"startLine": 1/"startLine": 0/' out >wrong
	run -0 "$python" check.py package/lib/schemas/sarif-2.1.0-*.json <wrong
	refute_output valid
}
