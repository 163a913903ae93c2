/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What can be told quickly; see reach.h. */
#include "reach.h"
#include "binary/code.h"

#include <elf.h>
#include <stddef.h>

enum { QUICK = 4 << 20 }; /* bytes of code that are read in some milliseconds */

#ifdef __GLIBC__
const bool shim_is_musl = false;
#else
const bool shim_is_musl = true;
#endif

const char *reach_word(enum reach reach)
{
	static const char *const words[] = { "covered", "partly", "not-covered" };

	return words[reach];
}

const char *door_word(enum door door)
{
	static const char *const words[] = { "preload", "mount", "none" };

	return words[door];
}

static bool same_machine(const struct program *a, const struct program *b)
{
	return a->class == b->class && a->machine == b->machine && a->order == b->order;
}

const char *shim_obstacle(const struct shim *shim, const struct program *program,
			  const char **remedy)
{
	struct program other;

	*remedy = "let it in by mounts (privtmp run --backend mount)";
	if (program->secure)
		return "set-user-ID, set-group-ID or with capabilities: the "
		       "dynamic linker ignores LD_PRELOAD";
	if (!program->known)
		return NULL; /* what it is will show when it runs */
	if (program->is_static)
		return "statically linked: no library can be loaded into it";
	if (same_machine(program, &shim->program))
		return NULL;
	if (shim->other[0] && program_inspect(shim->other, &other) == 0 &&
	    same_machine(program, &other))
		return NULL;
	if (program->class == shim->program.class)
		return "made for another kind of machine than the shim";
	*remedy = program->class == ELFCLASS32 ?
			  "install the 32-bit libprivtmp.so beside the 64-bit one" :
			  "install the 64-bit libprivtmp.so beside the 32-bit one";
	return program->class == ELFCLASS32 ? "a 32-bit program, and the shim is 64-bit" :
					      "a 64-bit program, and the shim is 32-bit";
}

/* -- Its code -- */

struct quick {
	enum code_machine machine;
	struct code_calls calls;
};

static void scan(const unsigned char *bytes, size_t size, void *data)
{
	struct quick *quick = data;
	const struct code code = {
		.machine = quick->machine,
		.bytes = bytes,
		.size = size,
	};

	code_scan(&code, &quick->calls);
}

/* Whether PROGRAM's own code has a path for the kernel, as far as that is told quickly. */
static bool calls_kernel(const struct program *program)
{
	struct quick quick = { .machine = CODE_X86_64 };

	switch (program->machine) {
	case EM_X86_64: break;
	case EM_386: quick.machine = CODE_I386; break;
	case EM_AARCH64: quick.machine = CODE_ARM64; break;
	default: return false;
	}
	program_read_code(program, QUICK, scan, &quick);
	return code_has_paths(&quick.calls) || quick.calls.io_uring;
}

enum reach program_reach(const struct shim *shim, const struct program *program,
			 const char **reason)
{
	const char *remedy;

	*reason = shim_obstacle(shim, program, &remedy);
	if (*reason)
		return REACH_NONE;
	/* The kernel gives it what stands in the script. */
	if (program->is_linker && program->script) {
		*reason = "a script for a dynamic linker, which opens files by itself";
		return REACH_PART;
	}
	if (!program->known || program->is_linker)
		return REACH_ALL;
	if (program->go) {
		*reason = "a Go program: it calls the kernel itself, not libc";
		return REACH_NONE;
	}
	if (program->musl != shim_is_musl) {
		*reason = shim_is_musl ? "made for glibc, and the shim for musl" :
					 "made for musl, and the shim for glibc";
		return REACH_NONE;
	}
	if (calls_kernel(program)) {
		*reason = "its code has system calls of its own, past libc";
		return REACH_PART;
	}
	return REACH_ALL;
}
