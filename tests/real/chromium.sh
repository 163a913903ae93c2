# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# Chromium with its sandbox: a page whose script runs, from and with a profile below /tmp.
set -eu

echo '<p id=x>shown</p><script>document.title = 6 * 7</script>' >/tmp/page.html
XDG_RUNTIME_DIR=/tmp chromium --headless=new --disable-gpu --no-first-run \
	--user-data-dir=/tmp/profile --dump-dom file:///tmp/page.html 2>/tmp/log
ls -d /tmp/profile
# What it has started ends after it, and writes to its profile until then.
for _ in {1..20}; do
	rm -rf /tmp/profile /tmp/page.html /tmp/log /tmp/.org.chromium.* /tmp/dconf 2>/dev/null || :
	sleep 0.1
done
