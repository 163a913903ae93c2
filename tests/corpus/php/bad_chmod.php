<?php
# SPDX-License-Identifier: LGPL-2.1-or-later
# A good file, opened to all.
#
# want: loose-permissions /tmp/pc*

$name = tempnam("/tmp", "pc");
chmod($name, 0666);
unlink($name);
