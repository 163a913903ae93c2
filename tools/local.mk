# SPDX-License-Identifier: LGPL-2.1-or-later
# What people run.

TOOL_CPPFLAGS = $(AM_CPPFLAGS) \
	-I$(top_srcdir)/tools -DLIBDIR='"$(libdir)"' -DLIBEXECDIR='"$(pkglibexecdir)"'
TOOL_CFLAGS = $(AM_CFLAGS) -fvisibility=hidden
# Those with a dynamic linker export one symbol, by which the shim knows them and stands
# aside; $(STATIC_LDFLAGS) say so, too, where privtmp is one of them.
TOOL_LINKING = $(AM_LDFLAGS) $(COV_LDFLAGS)

# For those that start without a libc, where that can be: each has start.c, and takes of this
# what it needs.
WITHOUT_LIBC_CPPFLAGS = -include $(top_srcdir)/shim/core/unfortified.h
WITHOUT_LIBC_CFLAGS = $(GUARD_CFLAGS) -fPIE
WITHOUT_LIBC_LINK = -Wc,-static-pie,-nostdlib
WITHOUT_LIBC_LIBS = tools/libsmall.la
if SMALL
noinst_LTLIBRARIES += tools/libsmall.la
endif
tools_libsmall_la_SOURCES = \
	tools/small/calls.c \
	tools/small/format.c \
	tools/small/libc.c
tools_libsmall_la_CPPFLAGS = $(TOOL_CPPFLAGS) $(WITHOUT_LIBC_CPPFLAGS)
tools_libsmall_la_CFLAGS = $(TOOL_CFLAGS) $(GUARD_CFLAGS)

# Started by the shim, by its place beside the library or under $(libexecdir).
pkglibexec_PROGRAMS += tools/reaper
tools_reaper_SOURCES = \
	tools/await_end.c \
	tools/await_end.h \
	tools/door/door.h \
	tools/door/instance.c \
	tools/door/serve.c \
	tools/door/serve.h \
	tools/door/serve_address.c \
	tools/keepalive.c \
	tools/keepalive.h \
	tools/mark.h \
	tools/reaper.c
tools_reaper_CPPFLAGS = $(TOOL_CPPFLAGS) $(call counters,reaper)
tools_reaper_CFLAGS = $(TOOL_CFLAGS)
tools_reaper_LDFLAGS = $(TOOL_LINKING)
tools_reaper_LDADD = shim/libcore.la
EXTRA_tools_reaper_SOURCES = tools/small/start.c
if SMALL
tools_reaper_SOURCES += tools/small/start.c
tools_reaper_CPPFLAGS += $(WITHOUT_LIBC_CPPFLAGS)
tools_reaper_CFLAGS += $(WITHOUT_LIBC_CFLAGS)
tools_reaper_LDFLAGS += $(WITHOUT_LIBC_LINK)
tools_reaper_LDADD += $(WITHOUT_LIBC_LIBS)
else
tools_reaper_LDFLAGS += -export-dynamic
tools_reaper_LDADD += $(DL_LIBS)
endif

# Findings and how they are written down: for privtmp, and for tests of it.
noinst_LTLIBRARIES += tools/libfinding.la
tools_libfinding_la_SOURCES = \
	tools/audit/filter.c \
	tools/audit/filter.h \
	tools/audit/finding.h \
	tools/audit/fingerprint.c \
	tools/audit/fingerprint.h \
	tools/audit/html.c \
	tools/audit/html.h \
	tools/audit/html_processes.c \
	tools/audit/html_timeline.c \
	tools/audit/member.c \
	tools/audit/member.h \
	tools/audit/page.c \
	tools/audit/page.h \
	tools/audit/parts.c \
	tools/audit/parts.h \
	tools/audit/report.c \
	tools/audit/report.h \
	tools/audit/report_html.c \
	tools/audit/report_json.c \
	tools/audit/report_sarif.c \
	tools/audit/report_text.c \
	tools/audit/rules.c \
	tools/audit/uri.c \
	tools/audit/uri.h \
	tools/json.c \
	tools/json.h \
	tools/remedy.c \
	tools/remedy.h \
	tools/show.c \
	tools/show.h
tools_libfinding_la_CPPFLAGS = $(TOOL_CPPFLAGS)
tools_libfinding_la_CFLAGS = $(TOOL_CFLAGS)
dist_pkgdata_DATA = tools/audit/privtmp-report.schema.json

# The mount door, by which programs come in that no library can be loaded into. privtmp
# tries whether it opens.
tools_door = \
	tools/door/ask.c \
	tools/door/door.h \
	tools/door/instance.c \
	tools/door/keeper.c \
	tools/door/limit.c \
	tools/door/maps.c \
	tools/door/mount.c \
	tools/door/probe.c \
	tools/door/serve.h \
	tools/door/serve_address.c \
	tools/door/space.c
pkglibexec_PROGRAMS += tools/privtmp-door
tools_privtmp_door_SOURCES = \
	$(tools_door) \
	tools/command.c \
	tools/command.h \
	tools/search_path.h \
	tools/door/door.c \
	tools/door/whereabouts.c \
	tools/mark.h \
	tools/remedy.c \
	tools/remedy.h \
	tools/resolve.c \
	tools/resolve.h
tools_privtmp_door_CPPFLAGS = $(TOOL_CPPFLAGS) $(call counters,door)
tools_privtmp_door_CFLAGS = $(TOOL_CFLAGS)
tools_privtmp_door_LDFLAGS = $(TOOL_LINKING)
tools_privtmp_door_LDADD = shim/libcore.la
EXTRA_tools_privtmp_door_SOURCES = tools/small/start.c
if SMALL
tools_privtmp_door_SOURCES += tools/small/start.c
tools_privtmp_door_CPPFLAGS += $(WITHOUT_LIBC_CPPFLAGS)
tools_privtmp_door_CFLAGS += $(WITHOUT_LIBC_CFLAGS)
tools_privtmp_door_LDFLAGS += $(WITHOUT_LIBC_LINK)
tools_privtmp_door_LDADD += $(WITHOUT_LIBC_LIBS)
else
tools_privtmp_door_LDFLAGS += $(STATIC_LDFLAGS)
tools_privtmp_door_LDADD += $(DL_LIBS)
endif

# Names places in programs, for privtmp audit.
if LIBDW
pkglibexec_PROGRAMS += tools/where
endif
tools_where_SOURCES = \
	tools/less.c \
	tools/less.h \
	tools/where.c
tools_where_CPPFLAGS = $(TOOL_CPPFLAGS) $(call counters,where)
tools_where_CFLAGS = $(TOOL_CFLAGS)
tools_where_LDFLAGS = $(TOOL_LINKING)
tools_where_LDADD = $(DW_LIBS)
if COVERAGE
tools_where_LDADD += shim/libcore.la
endif

bin_PROGRAMS += tools/privtmp
tools_privtmp_SOURCES = \
	$(tools_door) \
	tools/audit.c \
	tools/audit_unit.c \
	tools/audit_unit.h \
	tools/audit/arguments.c \
	tools/audit/attack.c \
	tools/audit/attack.h \
	tools/audit/attack_run.c \
	tools/audit/calls.c \
	tools/audit/calls.h \
	tools/audit/events.c \
	tools/audit/events.h \
	tools/audit/judge.c \
	tools/audit/judge.h \
	tools/audit/left.c \
	tools/audit/names.c \
	tools/audit/names.h \
	tools/audit/output.c \
	tools/audit/output.h \
	tools/audit/place.c \
	tools/audit/place.h \
	tools/audit/plant.c \
	tools/audit/plant.h \
	tools/audit/race.c \
	tools/audit/sites.c \
	tools/audit/sites.h \
	tools/audit/trace_file.c \
	tools/audit/trace_file.h \
	tools/audit/verdict.c \
	tools/binary/code.c \
	tools/binary/code.h \
	tools/binary/path_calls.c \
	tools/binary/path_calls.h \
	tools/binary/x86.c \
	tools/binary/x86.h \
	tools/binary/x86_registers.c \
	tools/binary/x86_registers.h \
	tools/check.c \
	tools/beside.c \
	tools/beside.h \
	tools/check_config.c \
	tools/choose_door.c \
	tools/choose_door.h \
	tools/clash.c \
	tools/clash.h \
	tools/command.c \
	tools/command.h \
	tools/search_path.h \
	tools/completion.c \
	tools/completion.h \
	tools/completion_words.c \
	tools/crew.c \
	tools/crew.h \
	tools/divert.c \
	tools/divert.h \
	tools/doctor.c \
	tools/doctor.h \
	tools/doctor_config.c \
	tools/doctor_linker.c \
	tools/doctor_preload.c \
	tools/doctor_units.c \
	tools/doctor_wraps.c \
	tools/enter.c \
	tools/explain.c \
	tools/fit.c \
	tools/fit.h \
	tools/guess.c \
	tools/interpreter.c \
	tools/interpreter.h \
	tools/launch.c \
	tools/launch.h \
	tools/list.c \
	tools/list_table.c \
	tools/list_table.h \
	tools/look.c \
	tools/look.h \
	tools/mark.h \
	tools/members.c \
	tools/members.h \
	tools/options.c \
	tools/options.h \
	tools/origin.c \
	tools/origin.h \
	tools/outer.c \
	tools/outer.h \
	tools/plain.c \
	tools/plain.h \
	tools/policy_show.c \
	tools/policy_show.h \
	tools/preload.c \
	tools/preload.h \
	tools/preload_list.c \
	tools/preload_list.h \
	tools/privtmp.c \
	tools/process.c \
	tools/process.h \
	tools/procfs.c \
	tools/procfs.h \
	tools/program.c \
	tools/program.h \
	tools/progress.c \
	tools/progress.h \
	tools/reach.c \
	tools/reach.h \
	tools/relay.c \
	tools/relay.h \
	tools/resolve.c \
	tools/resolve.h \
	tools/roots.c \
	tools/roots.h \
	tools/run.c \
	tools/run.h \
	tools/same_file.h \
	tools/sessions.c \
	tools/sessions.h \
	tools/status.c \
	tools/status.h \
	tools/status_command.c \
	tools/status_process.c \
	tools/status_unit.c \
	tools/sweep.c \
	tools/tool.h \
	tools/unit.c \
	tools/unit.h \
	tools/unit_check.c \
	tools/unit_file.c \
	tools/unit_file.h \
	tools/unit_name.c \
	tools/unit_text.c \
	tools/unit_text.h \
	tools/usage.c \
	tools/usage.h \
	tools/users.c \
	tools/users.h \
	tools/watch.c \
	tools/watch.h \
	tools/wrap.c \
	tools/wrap.h
tools_privtmp_CPPFLAGS = $(TOOL_CPPFLAGS) $(call counters,privtmp)
tools_privtmp_CFLAGS = $(TOOL_CFLAGS)
tools_privtmp_LDFLAGS = $(TOOL_LINKING) $(STATIC_LDFLAGS)
tools_privtmp_LDADD = tools/libfinding.la shim/libcore.la $(DL_LIBS)

# What reads programs, for privtmp check.
if LIBELF
pkglibexec_PROGRAMS += tools/checker
endif
tools_checker_SOURCES = \
	tools/binary/bar.c \
	tools/binary/bar.h \
	tools/binary/built_in.c \
	tools/binary/built_in.h \
	tools/binary/code.c \
	tools/binary/code.h \
	tools/binary/functions.c \
	tools/binary/deep.c \
	tools/binary/deep.h \
	tools/binary/elf_file.c \
	tools/binary/elf_file.h \
	tools/binary/judge.c \
	tools/binary/ld_cache.c \
	tools/binary/ld_cache.h \
	tools/binary/libraries.c \
	tools/binary/libraries.h \
	tools/binary/object.c \
	tools/binary/object.h \
	tools/binary/object_code.c \
	tools/binary/object_parts.h \
	tools/binary/object_symbols.c \
	tools/binary/object_texts.c \
	tools/binary/path_calls.c \
	tools/binary/path_calls.h \
	tools/binary/script.c \
	tools/binary/script.h \
	tools/binary/script_lines.c \
	tools/binary/subject.c \
	tools/binary/subject.h \
	tools/binary/tell.h \
	tools/binary/tell_json.c \
	tools/binary/tell_text.c \
	tools/binary/texts.c \
	tools/binary/texts.h \
	tools/binary/walk_files.c \
	tools/binary/walk_files.h \
	tools/binary/x86.c \
	tools/binary/x86.h \
	tools/binary/x86_registers.c \
	tools/binary/x86_registers.h \
	tools/checker.c \
	tools/interpreter.c \
	tools/interpreter.h \
	tools/less.c \
	tools/less.h \
	tools/plain.c \
	tools/plain.h \
	tools/program.c \
	tools/program.h \
	tools/reach.c \
	tools/reach.h \
	tools/search_path.h
nodist_tools_checker_SOURCES = shim/gen/covered.c
tools_checker_CPPFLAGS = $(TOOL_CPPFLAGS) $(call counters,checker)
tools_checker_CFLAGS = $(TOOL_CFLAGS)
tools_checker_LDFLAGS = $(TOOL_LINKING)
tools_checker_LDADD = tools/libfinding.la shim/libcore.la $(ELF_LIBS) $(DL_LIBS)

EXTRA_DIST += tools/build tools/check tools/check-all tools/deps tools/format tools/try \
	tools/release-check $(found_demo)
found_demo = $(call found,tools/demo)

# Keeps tmpfiles from ageing what is in use, and removes the rest at boot.
tmpfilesdir = $(prefix)/lib/tmpfiles.d
dist_tmpfiles_DATA = tools/tmpfiles.d/privtmp.conf

# The mount door's profile, for AppArmor; an example where it is not installed itself.
EXTRA_DIST += tools/apparmor/privtmp-door.in
CLEANFILES += tools/apparmor/privtmp-door
apparmorexampledir = $(pkgdatadir)/apparmor
nodist_apparmorexample_DATA = tools/apparmor/privtmp-door
if APPARMOR
apparmordir = $(sysconfdir)/apparmor.d
nodist_apparmor_DATA = tools/apparmor/privtmp-door
endif

tools/apparmor/privtmp-door: $(srcdir)/tools/apparmor/privtmp-door.in Makefile
	$(AM_V_at)$(MKDIR_P) tools/apparmor
	$(AM_V_GEN)$(SED) -e 's,[@]pkglibexecdir[@],$(pkglibexecdir),' -e 's,[@]bindir[@],$(bindir),' \
		$(srcdir)/tools/apparmor/privtmp-door.in >$@.tmp && mv -f $@.tmp $@

# What completes a command line asks the tool itself, so that it knows what that does.
bashcompletiondir = $(datadir)/bash-completion/completions
dist_bashcompletion_DATA = tools/completion/privtmp
zshcompletiondir = $(datadir)/zsh/site-functions
dist_zshcompletion_DATA = tools/completion/_privtmp
fishcompletiondir = $(datadir)/fish/vendor_completions.d
dist_fishcompletion_DATA = tools/completion/privtmp.fish

dist_man_MANS = tools/man/libprivtmp.7 tools/man/privtmp.1 \
	tools/man/privtmp.conf.5
