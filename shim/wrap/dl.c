/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Objects loaded at run time, and their names.
 *
 * The dynamic linker takes its caller from the return address: search path and $ORIGIN
 * are that object's. So a call that needs nothing is a jump, at every level of
 * optimization, and the shim does not show.
 */
#define _GNU_SOURCE
#include "core/report.h"
#include "route/lists.h"
#include "route/out.h"
#include "wrap/dl_tokens.h"
#include "wrap/guest.h"
#include "wrap/symbols.h"
#include "wrap/wrap.h"

#include <dlfcn.h>
#include <link.h>

/* Whether the linker expands FILE. */
static inline bool has_tokens(const char *file)
{
	return file && strchr(file, '$') && strchr(file, '/');
}

/*
 * Whether the linker finds FILE: it searches for a name without a slash. What it expands
 * leads into no backing, or was expanded before.
 */
static inline bool is_linkers(const char *file)
{
	return !file || has_tokens(file) || view_passes(file) || !strchr(file, '/');
}

/* Without a session the linker must fail, with a message about this file. */
static const char nowhere[] = "/dev/null/";

WRAP(void *, dlopen, const char *file, int mode);
#ifdef HAVE_dlmopen
WRAP(void *, dlmopen, long space, const char *file, int mode);
#endif

/* FILE, or a name that is not there, where the linker would search a shared directory. */
#define UNLESS_ASTRAY(file) (file && unlikely(list_strays()) ? nowhere : file)

/* Instead of a namespace: as dlopen(3). */
#define NO_SPACE LONG_MIN

/* By libc, to which the shim is the caller. */
static void *open_real(long space, const char *path, int mode)
{
#ifdef HAVE_dlmopen
	if (space != NO_SPACE)
		return REAL(dlmopen)(space, path, mode);
#endif
	(void)space;
	return REAL(dlopen)(path, mode);
}

static void *open_nowhere(long space, const char *file, int mode)
{
	char absent[sizeof nowhere + strlen(file)];

	text_put(text_put(absent, nowhere), file);
	return open_real(space, absent, mode);
}

static __attribute__((noinline)) void *open_routed(long space, const char *file, int mode)
{
	struct route r;
	char room[route_plan(&r, AT_FDCWD, file, FOLLOW, ROUTE_READ)];
	void *object;

	if (route_go(&r, room) < 0)
		return open_nowhere(space, file, mode);
	object = open_real(space, r.path, mode);
	route_end(&r);
	return object;
}

/* What open_expanded returns where the linker itself must open FILE: it sees the caller. */
static char linkers[1];

/*
 * Opens FILE, a path with a "$", where what the linker expands it to leads into a backing,
 * or cannot be followed.
 */
static __attribute__((noinline)) void *open_expanded(long space, const char *file,
						     int mode, const void *caller)
{
	char path[PATH_MAX];
	struct route r;
	void *object = linkers;

	if (!tokens_expand(file, caller, path))
		return object;
	char room[route_plan(&r, AT_FDCWD, path, FOLLOW, ROUTE_READ)];

	if (route_go(&r, room) < 0)
		return open_nowhere(space, path, mode);
	if (r.path != path)
		object = open_real(space, r.path, mode);
	route_end(&r);
	return object;
}

/*
 * With RTLD_DEEPBIND the symbols of an object and its dependencies come before all
 * others. They still do, except that libc's table leads to the shim.
 */
static inline void bind_deeply(const char *file, int mode)
{
#ifdef RTLD_DEEPBIND
	if ((mode & RTLD_DEEPBIND) && !symbols_lead())
		report(file, "cannot be kept from libc's own functions", ENOMEM,
		       "try again when there is more memory");
#endif
	(void)file;
	(void)mode;
}

JUMPS void *pt_dlopen(const char *file, int mode)
{
	file = UNLESS_ASTRAY(file);
	bind_deeply(file, mode);
	if (unlikely(has_tokens(file))) {
		void *object =
			open_expanded(NO_SPACE, file, mode, __builtin_return_address(0));

		if (object != linkers)
			return object;
	}
	if (is_linkers(file))
		return REAL(dlopen)(file, mode);
	return open_routed(NO_SPACE, file, mode);
}

#ifdef HAVE_dlmopen
/* Opens FILE in a new namespace, after the shim. */
static __attribute__((noinline)) void *dlmopen_new(const char *file, int mode)
{
	void *guest = guest_open(), *object;

	if (!guest)
		return NULL;
	object = open_routed(guest_space(guest), file, mode);
	guest_loaded(guest, object);
	return object;
}

/* The same for a file that the linker searches: it must see the caller. */
static __attribute__((noinline)) long space_for_good(void)
{
	void *guest = guest_open();

	return guest ? guest_space(guest) : LM_ID_NEWLM;
}

JUMPS void *pt_dlmopen(long space, const char *file, int mode)
{
	file = UNLESS_ASTRAY(file);
	if (space == LM_ID_NEWLM && file && guest_needed()) {
		/* An object that is alone there has its own symbols first. */
		mode |= RTLD_DEEPBIND;
		if (strchr(file, '/') && !has_tokens(file))
			return dlmopen_new(file, mode);
		space = space_for_good();
		if (space == LM_ID_NEWLM)
			return NULL;
	}
	bind_deeply(file, mode);
	if (unlikely(has_tokens(file))) {
		void *object =
			open_expanded(space, file, mode, __builtin_return_address(0));

		if (object != linkers)
			return object;
	}
	if (is_linkers(file))
		return REAL(dlmopen)(space, file, mode);
	return open_routed(space, file, mode);
}
#endif

/* -- Their names -- */

WRAP(char *, dlerror, void);

char *pt_dlerror(void)
{
	char *message = REAL(dlerror)();

	if (message)
		out_cut_text(message);
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

/* "OBJECT(SYMBOL+OFFSET) [ADDRESS]", in memory that the caller frees at once. */
#define BACKTRACE(name) \
	WRAP(char **, name, void *const *buffer, int size); \
	char **pt_##name(void *const *buffer, int size) \
	{ \
		char **lines = REAL(name)(buffer, size); \
		for (int i = 0; lines && i < size; i++) \
			out_cut_text(lines[i]); \
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

/* RTLD_DI_LINKMAP returns the linker's own record, which is not changed. */
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
/* Keeps libdl among the dependencies: a linker drops one that is not used. */
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

/* Calls the program's callback, with the view's name. */
static int show_object(struct dl_phdr_info *info, size_t size, void *data)
{
	const struct visit *v = data;
	const char *name = out_view(info->dlpi_name);

	if (name == info->dlpi_name)
		return v->visit(info, size, v->data);
	_Alignas(struct dl_phdr_info) char bytes[size];
	struct dl_phdr_info *copy = (struct dl_phdr_info *)bytes;

	/* A newer linker's struct may be longer. */
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
	/* Unwinding calls this, with all locks held. */
	if (!pt_view.policy)
		return REAL(dl_iterate_phdr)(visit, data);
	return show_objects(visit, data);
}
