# SPDX-License-Identifier: LGPL-2.1-or-later
# The library that lives inside programs, and the part of it that the tools share. Each
# folder is a layer, and uses only those before it: core, policy, session, route, wrap,
# syscall. What is in it stands in its own local.mk.

# Shared with the tools: no wrapper of a libc function is among these.
noinst_LTLIBRARIES += shim/libcore.la
shim_libcore_la_SOURCES =
shim_libcore_la_CFLAGS = $(AM_CFLAGS) $(SHIM_CFLAGS)
shim_libcore_la_CPPFLAGS = $(AM_CPPFLAGS) $(SHIM_CPPFLAGS)

# -Bsymbolic-functions: what the shim calls by the name of a wrapper is that wrapper, even where
# the program has a function of that name (core/libc.h): one that makes the call by number would
# come back.
lib_LTLIBRARIES += shim/libprivtmp.la
shim_libprivtmp_la_SOURCES =
shim_libprivtmp_la_CFLAGS = $(AM_CFLAGS) $(SHIM_CFLAGS)
shim_libprivtmp_la_CPPFLAGS = $(AM_CPPFLAGS) $(SHIM_CPPFLAGS) $(call counters,libprivtmp)
shim_libprivtmp_la_LDFLAGS = $(AM_LDFLAGS) $(COV_LDFLAGS) $(LAYOUT_LDFLAGS) $(SHIM_LDFLAGS) \
	-module -avoid-version -shared -Wl,-Bsymbolic-functions \
	-Wl,--version-script=shim/gen/versions.map
EXTRA_shim_libprivtmp_la_DEPENDENCIES = shim/gen/versions.map $(srcdir)/shim/gen/layout.ld
shim_libprivtmp_la_LIBADD = shim/libcore.la $(DL_LIBS)

# The same wrappers with a trace point before each, for "privtmp audit": compiled anew, so
# that the library above has nothing of it.
lib_LTLIBRARIES += shim/libprivtmp-audit.la
shim_libprivtmp_audit_la_SOURCES = $(shim_libprivtmp_la_SOURCES)
nodist_shim_libprivtmp_audit_la_SOURCES = $(nodist_shim_libprivtmp_la_SOURCES)
shim_libprivtmp_audit_la_CFLAGS = $(AM_CFLAGS) $(SHIM_CFLAGS)
shim_libprivtmp_audit_la_CPPFLAGS = $(AM_CPPFLAGS) $(SHIM_CPPFLAGS) -DPRIVTMP_AUDIT \
	$(call counters,libprivtmp-audit)
shim_libprivtmp_audit_la_LDFLAGS = $(shim_libprivtmp_la_LDFLAGS)
EXTRA_shim_libprivtmp_audit_la_DEPENDENCIES = shim/gen/versions.map $(srcdir)/shim/gen/layout.ld
shim_libprivtmp_audit_la_LIBADD = shim/libcore.la $(DL_LIBS)

# Fortified headers would turn the wrappers' own calls into calls of wrappers,
# and define inline what is to be defined here. A -U would come before the -D that
# distributions have in CPPFLAGS or CFLAGS. -fPIC is libtool's doing.
SHIM_CPPFLAGS = -include $(top_srcdir)/shim/core/unfortified.h \
	-DLIBDIR='"$(libdir)"' -DLIBEXECDIR='"$(pkglibexecdir)"'

# A reference left open would show only in the program that loads the shim. The
# sanitizers' run-time is such a reference by design.
if !SANITIZERS
SHIM_LDFLAGS = -Wl,-z,defs
endif

# Only LD_PRELOAD loads it, so nothing wants libtool's description of it; and
# libtool's own uninstall needs that description.
install-exec-hook:
	rm -f '$(DESTDIR)$(libdir)/libprivtmp.la' '$(DESTDIR)$(libdir)/libprivtmp-audit.la'

# What programs of another word size need, beside all that is installed for one.
install-library: install-libLTLIBRARIES
	$(MAKE) install-exec-hook
.PHONY: install-library

uninstall-hook:
	rm -f '$(DESTDIR)$(libdir)/libprivtmp.so' '$(DESTDIR)$(libdir)/libprivtmp-audit.so'
	for dir in '$(pkglibexecdir)' '$(apparmorexampledir)' '$(pkgdatadir)'; do \
		rmdir "$(DESTDIR)$$dir" 2>/dev/null || :; \
	done

include shim/core/local.mk
include shim/policy/local.mk
include shim/session/local.mk
include shim/route/local.mk
include shim/trace/local.mk
include shim/wrap/local.mk
include shim/syscall/local.mk
include shim/audit/local.mk
include shim/gen/local.mk
