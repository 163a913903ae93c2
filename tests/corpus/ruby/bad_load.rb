#!/usr/bin/ruby
# SPDX-License-Identifier: LGPL-2.1-or-later
# Code from where anybody can put it.
#
# before: umask 077; echo 1 >/tmp/pc-code.rb
# want: foreign-object /tmp/pc-code.rb

load "/tmp/pc-code.rb"
