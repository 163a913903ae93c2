<?php
# SPDX-License-Identifier: LGPL-2.1-or-later
# The process number in the name.
#
# want: missing-exclusive /tmp/pc-*
# want: predictable-name /tmp/pc-*

umask(077);
$name = "/tmp/pc-" . getmypid();
file_put_contents($name, "x");
unlink($name);
