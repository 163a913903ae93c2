# SPDX-License-Identifier: LGPL-2.1-or-later
# The session's life: make, join, hand over, leave, reap, remove. Uses policy and core.

shim_libcore_la_SOURCES += \
	shim/session/admit.c \
	shim/session/admit.h \
	shim/session/backing.c \
	shim/session/behind.c \
	shim/session/behind.h \
	shim/session/confine.c \
	shim/session/confine.h \
	shim/session/confine_rules.c \
	shim/session/confine_rules.h \
	shim/session/copy.c \
	shim/session/copy.h \
	shim/session/enter.c \
	shim/session/enter.h \
	shim/session/handover.c \
	shim/session/handover.h \
	shim/session/helper.c \
	shim/session/helper.h \
	shim/session/hints.c \
	shim/session/hints.h \
	shim/session/hints_use.c \
	shim/session/hints_use.h \
	shim/session/inside.c \
	shim/session/inside.h \
	shim/session/internal.h \
	shim/session/join.c \
	shim/session/join.h \
	shim/session/lease.c \
	shim/session/lease.h \
	shim/session/lease_lock.c \
	shim/session/lease_lock.h \
	shim/session/leave.c \
	shim/session/leave.h \
	shim/session/left.c \
	shim/session/left.h \
	shim/session/make.c \
	shim/session/make.h \
	shim/session/own.c \
	shim/session/own.h \
	shim/session/plan.c \
	shim/session/plan.h \
	shim/session/reap.c \
	shim/session/reap.h \
	shim/session/remove.c \
	shim/session/remove.h \
	shim/session/root_name.c \
	shim/session/root_name.h \
	shim/session/session.c \
	shim/session/session.h \
	shim/session/shares.c \
	shim/session/shares.h \
	shim/session/shut_in.c \
	shim/session/shut_in.h \
	shim/session/trust.c \
	shim/session/trust.h
