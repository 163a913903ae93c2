# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2034 # for who includes it
# What kernels and containers refuse, in the words of progs/filter.h: for
# long/older.bats, and for the attacks of prove.

# Each call of the shim's and the tools' own that is newer than the oldest kernel.
NEWER=(statx getrandom renameat2 faccessat2 openat2 close_range clone3 copy_file_range
	execveat memfd_create rseq fchmodat2 pidfd_open pidfd_send_signal)
LANDLOCK=(landlock_create_ruleset) # without it nothing is confined

# What filters are known to refuse.
FILTERED=(fgetxattr fsetxattr fremovexattr setns ptrace process_vm_readv name_to_handle_at
	open_by_handle_at personality prlimit64)
MOUNTS=(mount umount2 pivot_root unshare 'clone:1&0x7c020000') # without them, no mount door
