# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh
# Settings under a fixed name, written once and sourced from then on, whoever wrote them.
[ -f /tmp/demo-settings ] || echo 'greeting=hello' >/tmp/demo-settings
# shellcheck source=/dev/null
. /tmp/demo-settings
echo "${greeting:?}"
