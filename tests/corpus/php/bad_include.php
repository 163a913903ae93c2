<?php
# SPDX-License-Identifier: LGPL-2.1-or-later
# Code from where anybody can put it.
#
# before: umask 077; echo >/tmp/pc-code.php
# want: foreign-object /tmp/pc-code.php

include "/tmp/pc-code.php";
