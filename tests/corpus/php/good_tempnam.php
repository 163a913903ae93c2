<?php
# SPDX-License-Identifier: LGPL-2.1-or-later
# tempnam of PHP makes the file, too.
#
# want: none

$name = tempnam("/tmp", "pc");
file_put_contents($name, "x");
unlink($name);
