# SPDX-License-Identifier: LGPL-2.1-or-later
# The library that lives inside programs, and the part of it that the tools share.

# Shared with the tools: no wrapper of a libc function is among these.
noinst_LTLIBRARIES += shim/libcore.la
shim_libcore_la_SOURCES = \
	shim/config.c \
	shim/config.h \
	shim/config_load.c \
	shim/config_text.c \
	shim/config_text.h \
	shim/lease.c \
	shim/lease.h \
	shim/policy.c \
	shim/policy.h \
	shim/policy_text.c \
	shim/raw.c \
	shim/raw.h \
	shim/reaper_start.c \
	shim/remove.c \
	shim/remove.h \
	shim/report.c \
	shim/report.h \
	shim/session.c \
	shim/session.h \
	shim/session_handover.c \
	shim/session_join.c \
	shim/session_leave.c \
	shim/session_make.c \
	shim/unfortified.h \
	shim/valgrind.h \
	shim/view.c \
	shim/view.h
shim_libcore_la_CFLAGS = $(AM_CFLAGS) $(SHIM_CFLAGS)
shim_libcore_la_CPPFLAGS = $(AM_CPPFLAGS) $(SHIM_CPPFLAGS)

lib_LTLIBRARIES += shim/libprivtmp.la
shim_libprivtmp_la_SOURCES = \
	shim/actions.c \
	shim/address.c \
	shim/address.h \
	shim/cwd.c \
	shim/exec.c \
	shim/exec.h \
	shim/exec_env.c \
	shim/fork.c \
	shim/fts.c \
	shim/fts_dir.c \
	shim/fts_tree.h \
	shim/ftw.c \
	shim/gate.h \
	shim/gate_calls.c \
	shim/gate_openat2.c \
	shim/gate_table.c \
	shim/glob.c \
	shim/identity.c \
	shim/identity.h \
	shim/kept.c \
	shim/large.h \
	shim/layout.h \
	shim/links.c \
	shim/links.h \
	shim/load.c \
	shim/load.h \
	shim/names.c \
	shim/old.c \
	shim/open.h \
	shim/out.c \
	shim/out.h \
	shim/raw_gate.c \
	shim/root.c \
	shim/route.c \
	shim/route.h \
	shim/shared.c \
	shim/shared.h \
	shim/socket.c \
	shim/spawn.c \
	shim/start.c \
	shim/tree.c \
	shim/tree.h \
	shim/walk.c \
	shim/walk.h \
	shim/wordexp.c \
	shim/wrap.h
if COVERAGE
shim_libprivtmp_la_SOURCES += shim/coverage.c
endif
nodist_shim_libprivtmp_la_SOURCES = shim/calls.c shim/have.h shim/versions.h
shim_libprivtmp_la_CFLAGS = $(AM_CFLAGS) $(SHIM_CFLAGS)
shim_libprivtmp_la_CPPFLAGS = $(AM_CPPFLAGS) $(SHIM_CPPFLAGS) $(call counters,libprivtmp)
shim_libprivtmp_la_LDFLAGS = $(AM_LDFLAGS) $(COV_LDFLAGS) $(LAYOUT_LDFLAGS) $(SHIM_LDFLAGS) \
	-module -avoid-version -shared \
	-Wl,--version-script=shim/versions.map
EXTRA_shim_libprivtmp_la_DEPENDENCIES = shim/versions.map
shim_libprivtmp_la_LIBADD = shim/libcore.la $(DL_LIBS)

# Fortified headers would turn the wrappers' own calls into calls of wrappers,
# and define inline what is to be defined here. A -U would come before the -D that
# distributions have in CPPFLAGS or CFLAGS. -fPIC is libtool's doing.
SHIM_CPPFLAGS = -include $(top_srcdir)/shim/unfortified.h \
	-DLIBDIR='"$(libdir)"' -DLIBEXECDIR='"$(pkglibexecdir)"'

# A reference left open would show only in the program that loads the shim. The
# sanitizers' run-time is such a reference by design.
if !SANITIZERS
SHIM_LDFLAGS = -Wl,-z,defs
endif

# The wrappers of the plain functions: one row of calls.def each, as far as the
# target's libc has the function.
BUILT_SOURCES += shim/calls.c shim/have.h shim/versions.h
EXTRA_DIST += shim/coverage.ld shim/layout.ld shim/libc-symbols shim/rows.awk \
	shim/gen-calls.awk shim/calls.def shim/covered.h shim/gen-covered.awk shim/gen-versions.awk shim/reviewed.list
CLEANFILES += shim/have.txt shim/have.h shim/calls.c shim/covered.c shim/versions.h \
	shim/versions.map

shim/have.txt: $(srcdir)/shim/libc-symbols config.status
	$(AM_V_at)$(MKDIR_P) shim
	$(AM_V_GEN)CC='$(CC)' CFLAGS='$(CFLAGS)' LDFLAGS='$(LDFLAGS)' NM='$(NM_TOOL)' \
		$(SHELL) $(srcdir)/shim/libc-symbols >$@.tmp && mv -f $@.tmp $@

# The same for the wrappers that are written by hand: HAVE_name.
shim/have.h: shim/have.txt
	$(AM_V_GEN)$(SED) -n 's/^[A-Za-z_][A-Za-z0-9_]*$$/#define HAVE_& 1/p' shim/have.txt >$@.tmp && mv -f $@.tmp $@

shim/calls.c: $(srcdir)/shim/calls.def $(srcdir)/shim/rows.awk $(srcdir)/shim/gen-calls.awk \
		shim/have.txt
	$(AM_V_GEN)$(AWK) -f $(srcdir)/shim/rows.awk -f $(srcdir)/shim/gen-calls.awk -v have=shim/have.txt \
		$(srcdir)/shim/calls.def >$@.tmp && mv -f $@.tmp $@

# Where libc has two versions of a function that differ, so has the shim.
shim/versions.h: $(srcdir)/shim/gen-versions.awk shim/have.txt
	$(AM_V_GEN)$(AWK) -f $(srcdir)/shim/gen-versions.awk -v want=header \
		shim/have.txt >$@.tmp && mv -f $@.tmp $@
shim/versions.map: $(srcdir)/shim/gen-versions.awk shim/have.txt
	$(AM_V_GEN)$(AWK) -f $(srcdir)/shim/gen-versions.awk -v want=map \
		shim/have.txt >$@.tmp && mv -f $@.tmp $@

# For the tool that says what is covered; asked of the library itself.
shim/covered.c: shim/libprivtmp.la $(srcdir)/shim/gen-covered.awk $(srcdir)/shim/reviewed.list
	$(AM_V_GEN)$(NM_TOOL) -D --defined-only shim/.libs/libprivtmp.so | \
		$(AWK) -f $(srcdir)/shim/gen-covered.awk -v have=shim/have.txt \
		$(srcdir)/shim/reviewed.list - >$@.tmp && mv -f $@.tmp $@

# Only LD_PRELOAD loads it, so nothing wants libtool's description of it; and
# libtool's own uninstall needs that description.
install-exec-hook:
	rm -f '$(DESTDIR)$(libdir)/libprivtmp.la'
uninstall-hook:
	rm -f '$(DESTDIR)$(libdir)/libprivtmp.so'
