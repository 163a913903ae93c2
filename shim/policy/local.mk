# SPDX-License-Identifier: LGPL-2.1-or-later
# Settings and the configuration, what is guarded and shared, the view's algebra.
# Uses core.

shim_libcore_la_SOURCES += \
	shim/policy/compose.c \
	shim/policy/compose.h \
	shim/policy/config.c \
	shim/policy/config.h \
	shim/policy/config_load.c \
	shim/policy/config_load.h \
	shim/policy/config_text.c \
	shim/policy/config_text.h \
	shim/policy/inherited.c \
	shim/policy/inherited.h \
	shim/policy/places.c \
	shim/policy/places.h \
	shim/policy/policy.c \
	shim/policy/policy.h \
	shim/policy/real_path.c \
	shim/policy/real_path.h \
	shim/policy/scan.c \
	shim/policy/scan.h \
	shim/policy/settings.c \
	shim/policy/settings.h \
	shim/policy/text.h \
	shim/policy/view.c \
	shim/policy/view.h
