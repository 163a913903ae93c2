# SPDX-License-Identifier: LGPL-2.1-or-later
# Every tests/*.bats is a test and every tests/progs/*.c a program for them:
# nothing is listed here, so that a file which is there is never left out.
# (FOUND_TESTS comes from configure: automake would take a call in TESTS for names.)

# Minutes rather than seconds: these run with "tools/check --all" only.
# The longest come first, so that none is left to run alone.
long_first := $(patsubst %,tests/long/%.bats,suites diff sanitizers fuzz)
# What "tools/release-check" has as steps of its own.
long_release := $(patsubst %,tests/long/%.bats,packages debian)
long_tests := $(filter $(call found,tests/long/*.bats),$(long_first))
long_tests += $(filter-out $(long_first) $(long_release),$(call found,tests/long/*.bats))
prog_sources := $(call found,tests/progs/*.c)
if !LIBELF
without_libelf = tests/progs/checker_faults
endif
progs := $(filter-out $(without_libelf),$(prog_sources:.c=))

TESTS = $(FOUND_TESTS)
TEST_EXTENSIONS = .bats
BATS_LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
# What fails is in the results: the exit status would be one failure more.
AM_BATS_LOG_DRIVER_FLAGS = --ignore-exit
BATS_LOG_COMPILER = $(SHELL) $(top_srcdir)/tests/run-bats

AM_TESTS_ENVIRONMENT = \
	BATS='$(BATS)'; export BATS; \
	PRIVTMP_BUILD='$(abs_top_builddir)'; export PRIVTMP_BUILD; \
	top_builddir='$(abs_top_builddir)'; export top_builddir; \
	PRIVTMP_SOURCE='$(abs_top_srcdir)'; export PRIVTMP_SOURCE; \
	CC='$(CC)'; export CC; CFLAGS='$(CFLAGS)'; export CFLAGS; \
	$(san_environment)

if SANITIZERS
# The sanitizers' run-time insists on being loaded first.
san_environment = \
	PRIVTMP_SANITIZER="`$(CC) -print-file-name=libasan.so`"; \
	export PRIVTMP_SANITIZER; \
	ASAN_OPTIONS=detect_leaks=0; export ASAN_OPTIONS;
endif

# -- Programs that the tests run ------------------------------------------------
# One source each. They are the outside world: built without the flags of the
# project, and as position-independent as the compiler's default has it. What
# one of them needs beyond that goes into a line "tests/progs/NAME: PROG_LIBS +=".

PROG_FLAGS =
PROG_LIBS = -lpthread $(DL_LIBS)

$(progs): %: %.c
	$(AM_V_at)$(MKDIR_P) tests/progs
	$(AM_V_CCLD)$(CC) -D_GNU_SOURCE -std=gnu11 $(WARN_CFLAGS) $(CFLAGS) $(PROG_FLAGS) \
		-o $@ $< $(LDFLAGS) $(PROG_LIBS)

# What is bound at its first call takes more of a stack; a compiler's default may bind all at
# once.
tests/progs/threads_signals: PROG_LIBS += -Wl,-z,lazy
tests/progs/little_stack: PROG_LIBS += -Wl,-z,now

# An old glibc keeps them apart.
tests/progs/libc_opens: PROG_LIBS += -lrt

tests/progs/every: tests/progs/every_dir.h tests/progs/every_faults.h tests/progs/faults.h
tests/progs/shim_faults: tests/progs/faults.h
tests/progs/attack_attacker: tests/progs/attack_knows.h
tests/progs/attack_stage tests/progs/refuse: tests/progs/filter.h

# This one is a part of the tools, and has their libraries' flags.
report_libs = tools/.libs/libfinding.a shim/.libs/libcore.a
tests/progs/report: PROG_FLAGS += -I$(top_srcdir)/tools -I$(top_srcdir)/shim
tests/progs/report: PROG_LIBS += $(report_libs) $(SAN_CFLAGS) \
	-Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=open_memstream
tests/progs/report: tools/libfinding.la shim/libcore.la

# So are these: all of a command, but for what its allocations lead to.
allocates = malloc calloc realloc strdup strndup getdelim getline fopen fdopen fmemopen \
	open_memstream fopencookie opendir fdopendir realpath vasprintf asprintf
faults := tests/progs/tool_faults tests/progs/checker_faults
$(faults): PROG_LIBS += $(filter-out %-coverage.$(OBJEXT),$(command_objects)) $(report_libs) \
	$(DL_LIBS) $(SAN_CFLAGS) $(addprefix -Wl$(comma)--wrap=,$(allocates))
$(faults): tests/progs/faults.h tests/progs/tool_faults.c
tests/progs/tool_faults: command_objects = $(tools_privtmp_OBJECTS)
tests/progs/tool_faults: tools/privtmp$(EXEEXT)
tests/progs/checker_faults: command_objects = $(tools_checker_OBJECTS)
tests/progs/checker_faults: PROG_LIBS += $(ELF_LIBS)
tests/progs/checker_faults: tools/checker$(EXEEXT)

# Its traces are those of the build.
tests/progs/trace: PROG_FLAGS += -I$(top_srcdir)/shim -I$(top_builddir)/shim

# These include sources of the shim or the tools, and take what else is needed of it from its library.
direct := $(filter tests/progs/direct_%,$(progs))
direct_sources = $(patsubst %,$(top_srcdir)/shim/%.c,$(1))
$(direct): PROG_FLAGS += $(DEFS) $(CPPFLAGS) -U_GNU_SOURCE -D_GNU_SOURCE= -I$(top_srcdir)/shim -I$(top_builddir)/shim \
	-include $(top_srcdir)/shim/core/unfortified.h
$(direct): PROG_LIBS += tests/route.a shim/.libs/libcore.a $(SAN_CFLAGS)
$(direct): tests/route.a shim/libcore.la tests/progs/direct.h
tests/progs/direct_trust: $(call direct_sources,core/owner session/trust)
tests/progs/direct_policy: $(call direct_sources,policy/policy policy/config_text policy/compose)
tests/progs/direct_behind: $(call direct_sources,session/behind)
tests/progs/direct_missing: $(call direct_sources,wrap/missing)
tests/progs/direct_older: $(call direct_sources,core/older)
tests/progs/direct_character: $(call direct_sources,core/character)
tests/progs/direct_symbols: $(call direct_sources,wrap/symbols)
tests/progs/direct_trace tests/progs/direct_point: tests/progs/direct_view.h \
	tests/progs/direct_trace.h \
	$(call direct_sources,trace/trace trace/modules trace/watch trace/told trace/point)
direct_tools = $(addprefix tests/progs/direct_,$(1))
$(call direct_tools,ask attack events left libraries members output preload process program \
	relay roots script sessions trace_file unit_file): \
	PROG_FLAGS += -I$(top_srcdir)/tools
tests/progs/direct_ask: $(top_srcdir)/tools/door/ask.c
tests/progs/direct_attack: $(addprefix $(top_srcdir)/tools/audit/,attack.c plant.c)
tests/progs/direct_events: $(top_srcdir)/tools/audit/events.c
tests/progs/direct_left: tests/progs/direct_view.h $(top_srcdir)/tools/audit/left.c
tests/progs/direct_libraries: $(addprefix $(top_srcdir)/tools/binary/,libraries.c texts.c)
tests/progs/direct_members tests/progs/direct_process: tests/progs/direct_procfs.h
tests/progs/direct_members: $(addprefix $(top_srcdir)/tools/,members.c procfs.c)
tests/progs/direct_preload: tests/progs/direct_view.h \
	$(addprefix $(top_srcdir)/tools/,preload.c preload_list.c)
tests/progs/direct_process: $(addprefix $(top_srcdir)/tools/,process.c procfs.c preload_list.c)
tests/progs/direct_program: $(addprefix $(top_srcdir)/tools/,program.c reach.c)
tests/progs/direct_roots: $(top_srcdir)/tools/roots.c
tests/progs/direct_sessions: tests/progs/direct_procfs.h $(top_srcdir)/tools/sessions.c
tests/progs/direct_trace_file: $(addprefix $(top_srcdir)/tools/audit/,trace_file.c place.c)
tests/progs/direct_relay: $(top_srcdir)/tools/relay.c
tests/progs/direct_output: $(top_srcdir)/tools/audit/output.c
tests/progs/direct_names: $(top_srcdir)/tools/audit/names.c
tests/progs/direct_script: $(top_srcdir)/tools/binary/script.c
tests/progs/direct_unit_file: $(top_srcdir)/tools/unit_file.c $(top_srcdir)/tools/plain.c
tests/progs/direct_preload_word: $(call direct_sources,wrap/preload_word)
tests/progs/direct_exec_look: $(call direct_sources,wrap/exec_look core/image)
tests/progs/direct_uncovered tests/progs/direct_uncovered_door: \
	tests/progs/direct_uncovered.h $(call direct_sources,wrap/uncovered)
tests/progs/direct_spawn_actions: tests/progs/direct_view.h \
	$(call direct_sources,wrap/spawn_actions route/route route/border)
tests/progs/direct_libc_opens: $(call direct_sources,wrap/libc_opens)
tests/progs/direct_exec_env tests/progs/direct_exec_environ: tests/progs/direct_exec_env.h \
	tests/progs/direct_view.h $(call direct_sources,wrap/exec_env)
tests/progs/direct_loader: tests/progs/direct_view.h $(call direct_sources,route/lists route/loader)
tests/progs/direct_x86: $(top_srcdir)/tools/binary/x86.c
tests/progs/direct_border: tests/progs/direct_view.h $(call direct_sources,route/border)
tests/progs/direct_inside: $(call direct_sources,session/inside)
tests/progs/direct_protected: tests/progs/direct_view.h \
	$(call direct_sources,route/walk_protected)
tests/progs/direct_admit: $(call direct_sources,session/admit)
tests/progs/direct_remove tests/progs/direct_remove_session: \
	tests/progs/direct_remove.h $(call direct_sources,session/remove session/remove_tree)
tests/progs/direct_walk tests/progs/direct_deep tests/progs/direct_unnamed: \
	tests/progs/direct_walk.h tests/progs/direct_view.h \
	$(call direct_sources,route/walk route/walk_unnamed route/walk_start)
tests/progs/direct_seccomp: $(call direct_sources,core/seccomp)
tests/progs/direct_sticky: $(call direct_sources,route/sticky)
tests/progs/direct_threads: tests/progs/direct_view.h
tests/progs/direct_tree: tests/progs/direct_view.h $(call direct_sources,wrap/tree)

# What they reach is counted, too.
if COVERAGE
counted := $(direct) $(faults) tests/progs/report
$(counted): PROG_FLAGS += $(COV_CFLAGS) $(call counters,$(@F))
$(counted): PROG_LIBS += -I$(top_srcdir)/shim $(top_srcdir)/shim/core/coverage.c shim/.libs/libcore.a $(COV_LDFLAGS)
endif

tests/route.a: tools/privtmp$(EXEEXT)
	$(AM_V_AR)rm -f $@ && $(AR) cr $@ shim/route/tools_privtmp-*.o

progs: $(progs)
check-programs: all progs
.PHONY: progs check-programs

# "make check" builds $(check_DATA) before it runs the tests.
check_DATA = $(progs)

# "make check-long" is for "tools/check --all".
check-long:
	$(MAKE) $(AM_MAKEFLAGS) check TESTS='$(long_tests)'
.PHONY: check-long

# What the shim costs, beside what else there is: a table, JSON and two pictures.
bench: all tests/progs/bench
	PRIVTMP_SOURCE='$(abs_top_srcdir)' PRIVTMP_BUILD='$(abs_top_builddir)' CC='$(CC)' \
		$(SHELL) $(top_srcdir)/tests/bench/run
.PHONY: bench

# All that is in this directory, but for what a build in the source tree makes.
EXTRA_DIST += $(found_files)
found_files = $(filter-out tests/progs tests/tmp %.log %.trs,$(call found,tests/*)) \
	$(call found,tests/progs/*.[ch])
CLEANFILES += $(progs) tests/route.a

clean-local:
	rm -rf tests/tmp tests/gnu bench
