# SPDX-License-Identifier: LGPL-2.1-or-later
# What stands before libc's functions: calls.def, and by hand what needs more than a
# row there. Uses all of the others but syscall.

shim_libprivtmp_la_SOURCES += \
	shim/wrap/binfmt.c \
	shim/wrap/binfmt.h \
	shim/wrap/chdir.c \
	shim/wrap/chroot.c \
	shim/wrap/compat.c \
	shim/wrap/constructor.c \
	shim/wrap/dl.c \
	shim/wrap/dl_tokens.c \
	shim/wrap/dl_tokens.h \
	shim/wrap/dlsym.c \
	shim/wrap/exec.c \
	shim/wrap/exec.h \
	shim/wrap/exec_env.c \
	shim/wrap/exec_loader.c \
	shim/wrap/exec_loader.h \
	shim/wrap/exec_look.c \
	shim/wrap/exec_look.h \
	shim/wrap/exit.c \
	shim/wrap/filter.h \
	shim/wrap/fork.c \
	shim/wrap/fts.c \
	shim/wrap/fts_dir.c \
	shim/wrap/fts_tree.h \
	shim/wrap/ftw.c \
	shim/wrap/getcwd.c \
	shim/wrap/getdents.c \
	shim/wrap/getdents.h \
	shim/wrap/glob.c \
	shim/wrap/guest.c \
	shim/wrap/guest.h \
	shim/wrap/lfs64.h \
	shim/wrap/libc_env.c \
	shim/wrap/libc_env.h \
	shim/wrap/libc_opens.c \
	shim/wrap/listing.c \
	shim/wrap/listing.h \
	shim/wrap/misc.c \
	shim/wrap/missing.c \
	shim/wrap/missing.h \
	shim/wrap/mktemp.c \
	shim/wrap/mounts.c \
	shim/wrap/mounts.h \
	shim/wrap/open_flags.h \
	shim/wrap/openat2.c \
	shim/wrap/openat2.h \
	shim/wrap/preload_word.c \
	shim/wrap/preload_word.h \
	shim/wrap/readdir.c \
	shim/wrap/readlink.c \
	shim/wrap/realpath.c \
	shim/wrap/rpc.c \
	shim/wrap/seccomp.c \
	shim/wrap/setuid.c \
	shim/wrap/setuid.h \
	shim/wrap/shm.c \
	shim/wrap/sigaltstack.c \
	shim/wrap/socket.c \
	shim/wrap/spawn.c \
	shim/wrap/spawn_actions.c \
	shim/wrap/sun_path.c \
	shim/wrap/sun_path.h \
	shim/wrap/symbols.c \
	shim/wrap/symbols.h \
	shim/wrap/symlink.c \
	shim/wrap/tree.c \
	shim/wrap/tree.h \
	shim/wrap/uncovered.c \
	shim/wrap/uncovered.h \
	shim/wrap/wordexp.c \
	shim/wrap/wrap.c \
	shim/wrap/wrap.h
EXTRA_DIST += shim/wrap/calls.def
