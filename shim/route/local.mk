# SPDX-License-Identifier: LGPL-2.1-or-later
# Which path leads where, and the way back. Uses session, policy and core.

shim_libprivtmp_la_SOURCES += \
	shim/route/again.c \
	shim/route/border.c \
	shim/route/border.h \
	shim/route/lists.c \
	shim/route/lists.h \
	shim/route/loader.c \
	shim/route/loader.h \
	shim/route/out.c \
	shim/route/out.h \
	shim/route/out_climb.c \
	shim/route/route.c \
	shim/route/route.h \
	shim/route/shared.c \
	shim/route/shared.h \
	shim/route/sticky.c \
	shim/route/sticky.h \
	shim/route/walk.c \
	shim/route/walk.h \
	shim/route/walk_plain.c \
	shim/route/walk_protected.c \
	shim/route/walk_space.c \
	shim/route/walk_start.c \
	shim/route/walk_unnamed.c
# The tool that explains a path walks it, too, and hands lists on; so does the mount door.
tools_walk = \
	shim/route/lists.c \
	shim/route/lists.h \
	shim/route/out.c \
	shim/route/out.h \
	shim/route/out_climb.c \
	shim/route/shared.c \
	shim/route/shared.h \
	shim/route/sticky.c \
	shim/route/sticky.h \
	shim/route/walk.c \
	shim/route/walk.h \
	shim/route/walk_plain.c \
	shim/route/walk_protected.c \
	shim/route/walk_space.c \
	shim/route/walk_start.c \
	shim/route/walk_unnamed.c
tools_privtmp_SOURCES += $(tools_walk) shim/route/loader.c shim/route/loader.h
tools_privtmp_door_SOURCES += $(tools_walk)
