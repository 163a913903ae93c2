/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Objects loaded at run time, and their names.
 *
 * The dynamic linker looks at its caller's return address: the search path and
 * $ORIGIN are those of the object that asks. So what needs nothing is a jump,
 * which leaves no trace of the shim; at every level of optimization.
 */
#define _GNU_SOURCE
#include "core/report.h"
#include "route/out.h"
#include "wrap/guest.h"
#include "wrap/symbols.h"
#include "wrap/wrap.h"

#include <dlfcn.h>
#include <link.h>

/*
 * Whether FILE is the linker's to find: it searches for a name without a slash,
 * and expands what has a "$".
 */
static inline bool is_linkers(const char *file)
{
	return !file || view_passes(file) || !strchr(file, '/') || strchr(file, '$');
}

/* Where there is no session the linker itself has to say no, of this file. */
static const char nowhere[] = "/dev/null/";

WRAP(void *, dlopen, const char *file, int mode);

static __attribute__((noinline)) void *routed_dlopen(const char *file, int mode)
{
	struct route r;
	char room[route_plan(&r, AT_FDCWD, file, FOLLOW, ROUTE_READ)];
	void *object;

	if (route_go(&r, room) < 0) {
		char absent[sizeof nowhere + strlen(file)];

		stpcpy(stpcpy(absent, nowhere), file);
		return REAL(dlopen)(absent, mode);
	}
	object = REAL(dlopen)(r.path, mode);
	route_end(&r);
	return object;
}

/*
 * With RTLD_DEEPBIND an object's own symbols, and those of what it needs, go before
 * all others: so they still do, but for libc's, whose table leads to the shim.
 */
static inline void bind_deeply(const char *file, int mode)
{
#ifdef RTLD_DEEPBIND
	if ((mode & RTLD_DEEPBIND) && !symbols_lead())
		report(file, "cannot be kept from libc's own functions", ENOMEM, NULL);
#endif
	(void)file;
	(void)mode;
}

JUMPS void *pt_dlopen(const char *file, int mode)
{
	bind_deeply(file, mode);
	if (is_linkers(file))
		return REAL(dlopen)(file, mode);
	return routed_dlopen(file, mode);
}

#ifdef HAVE_dlmopen
WRAP(void *, dlmopen, long space, const char *file, int mode);

static __attribute__((noinline)) void *routed_dlmopen(long space, const char *file,
						      int mode)
{
	struct route r;
	char room[route_plan(&r, AT_FDCWD, file, FOLLOW, ROUTE_READ)];
	void *object;

	if (route_go(&r, room) < 0) {
		char absent[sizeof nowhere + strlen(file)];

		stpcpy(stpcpy(absent, nowhere), file);
		return REAL(dlmopen)(space, absent, mode);
	}
	object = REAL(dlmopen)(space, r.path, mode);
	route_end(&r);
	return object;
}

/* Into a new namespace, in which the shim is first. */
static __attribute__((noinline)) void *dlmopen_new(const char *file, int mode)
{
	void *guest = guest_open(), *object;

	if (!guest)
		return NULL;
	object = routed_dlmopen(guest_space(guest), file, mode);
	guest_loaded(guest, object);
	return object;
}

/* The same for what the linker has to search for: its caller is to stay the caller. */
static __attribute__((noinline)) long space_for_good(void)
{
	void *guest = guest_open();

	return guest ? guest_space(guest) : LM_ID_NEWLM;
}

JUMPS void *pt_dlmopen(long space, const char *file, int mode)
{
	if (space == LM_ID_NEWLM && file && guest_needed()) {
		/* What is alone there has its own symbols first. */
		mode |= RTLD_DEEPBIND;
		if (strchr(file, '/') && !strchr(file, '$'))
			return dlmopen_new(file, mode);
		space = space_for_good();
		if (space == LM_ID_NEWLM)
			return NULL;
	}
	bind_deeply(file, mode);
	if (is_linkers(file))
		return REAL(dlmopen)(space, file, mode);
	return routed_dlmopen(space, file, mode);
}
#endif

/* -- Their names -- */

/* Removes backings' roots from a message that names files. */
static void cut_message(char *message)
{
	const struct policy *policy = pt_view.policy;

	for (unsigned i = 0; policy && i < policy->guards; i++) {
		const struct text *root = &policy->guard[i].prefix;
		char *at = message;

		while ((at = memmem(at, strlen(at), root->at, root->len))) {
			if (out_skip(at, strcspn(at, ": '")))
				memmove(at, at + root->len, strlen(at + root->len) + 1);
			else
				at += root->len;
		}
	}
}

WRAP(char *, dlerror, void);

char *pt_dlerror(void)
{
	char *message = REAL(dlerror)();

	if (message)
		cut_message(message);
	return message;
}

WRAP(int, dladdr, const void *address, Dl_info *info);

int pt_dladdr(const void *address, Dl_info *info)
{
	int found = REAL(dladdr)(address, info);

	if (found)
		info->dli_fname = out_view(info->dli_fname);
	return found;
}

/* "OBJECT(SYMBOL+OFFSET) [ADDRESS]", in memory that the caller frees as one. */
#define BACKTRACE(name) \
	WRAP(char **, name, void *const *buffer, int size); \
	char **pt_##name(void *const *buffer, int size) \
	{ \
		char **lines = REAL(name)(buffer, size); \
		for (int i = 0; lines && i < size; i++) \
			cut_message(lines[i]); \
		return lines; \
	}

BACKTRACE(backtrace_symbols)
BACKTRACE(__backtrace_symbols)

WRAP(int, dladdr1, const void *address, Dl_info *info, void **extra, int flags);

int pt_dladdr1(const void *address, Dl_info *info, void **extra, int flags)
{
	int found = REAL(dladdr1)(address, info, extra, flags);

	if (found)
		info->dli_fname = out_view(info->dli_fname);
	return found;
}

WRAP(int, dlinfo, void *object, int request, void *out);

/* RTLD_DI_LINKMAP hands out the linker's own record, which stays as it is. */
int pt_dlinfo(void *object, int request, void *out)
{
	int ret = REAL(dlinfo)(object, request, out);

#ifdef __GLIBC__
	if (ret == 0 && request == RTLD_DI_ORIGIN)
		out_cut(out);
#endif
	return ret;
}

#ifdef __GLIBC__
#if !__GLIBC_PREREQ(2, 34)
/* libdl is to be there; a linker leaves out what it is not asked anything of. */
__attribute__((used)) static int close_object(void *object)
{
	return dlclose(object);
}
#endif
#endif

typedef int visit_fn(struct dl_phdr_info *info, size_t size, void *data);

struct visit {
	visit_fn *visit;
	void *data;
};

/* Hands on what the linker says, with the view's name. */
static int show_object(struct dl_phdr_info *info, size_t size, void *data)
{
	const struct visit *v = data;
	const char *name = out_view(info->dlpi_name);

	if (name == info->dlpi_name)
		return v->visit(info, size, v->data);
	_Alignas(struct dl_phdr_info) char bytes[size];
	struct dl_phdr_info *copy = (struct dl_phdr_info *)bytes;

	/* A newer linker's may be longer than ours. */
	memcpy(bytes, info, size);
	copy->dlpi_name = name;
	return v->visit(copy, size, v->data);
}

WRAP(int, dl_iterate_phdr, visit_fn *visit, void *data);

static __attribute__((noinline)) int show_objects(visit_fn *visit, void *data)
{
	struct visit v = { visit, data };

	return REAL(dl_iterate_phdr)(show_object, &v);
}

NO_SANITIZE int pt_dl_iterate_phdr(visit_fn *visit, void *data)
{
	/* Whatever unwinds the stack comes this way, with all locks held. */
	if (!pt_view.policy)
		return REAL(dl_iterate_phdr)(visit, data);
	return show_objects(visit, data);
}
