# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=sh
# A build directory opened to all "so that it works", and a generated script run from it.
mkdir -p /tmp/demo-build
chmod 777 /tmp/demo-build
echo 'echo built' >/tmp/demo-build/step.sh
sleep 0.06
sh /tmp/demo-build/step.sh
rm -rf /tmp/demo-build
