/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Objects loaded at run time.
 *
 *     load open FILE        dlopen, and all that tells the object's name
 *     load message FILE     what dlerror says of a file that is not there
 *     load space FILE       dlmopen into a new namespace
 *     load in OBJECT FILE   has OBJECT, which knows how, call dlopen(FILE)
 */
#include <dlfcn.h>
#include <link.h>
#include <stdio.h>
#include <string.h>

static int print_name(struct dl_phdr_info *info, size_t size, void *wanted)
{
	if (size >= sizeof *info && strstr(info->dlpi_name, wanted))
		printf("dl_iterate_phdr: %s\n", info->dlpi_name);
	return 0;
}

static int open_object(const char *file)
{
	void *object = dlopen(file, RTLD_NOW), *symbol;
	const char *base = strrchr(file, '/');
	char origin[4096] = "";
	ElfW(Sym) *entry = NULL;
	Dl_info info;

	if (!object) {
		printf("%s\n", dlerror());
		return 1;
	}
	symbol = dlsym(object, "answer");
	printf("answer: %d\n", ((int (*)(void))symbol)());
	if (dladdr(symbol, &info))
		printf("dladdr: %s %s\n", info.dli_fname, info.dli_sname);
	if (dladdr1(symbol, &info, (void **)&entry, RTLD_DL_SYMENT))
		printf("dladdr1: %s %d\n", info.dli_fname, entry != NULL);
	if (dlinfo(object, RTLD_DI_ORIGIN, origin) == 0)
		printf("dlinfo: %s\n", origin);
	dl_iterate_phdr(print_name, (void *)(base ? base : file));
	dladdr(&open_object, &info);
	printf("the program: %s\n", info.dli_fname);
	return dlclose(object);
}

static int open_by(const char *opener, const char *file)
{
	void *object = dlopen(opener, RTLD_NOW), *found;

	if (!object) {
		printf("%s\n", dlerror());
		return 1;
	}
	found = ((void *(*)(const char *))dlsym(object, "open_for_me"))(file);
	printf("%s\n", found ? "found" : dlerror());
	return found == NULL;
}

int main(int argc, char **argv)
{
	void *object;

	if (argc == 3 && !strcmp(argv[1], "open"))
		return open_object(argv[2]);
	if (argc == 4 && !strcmp(argv[1], "in"))
		return open_by(argv[2], argv[3]);
	if (argc == 3 && !strcmp(argv[1], "space")) {
		object = dlmopen(LM_ID_NEWLM, argv[2], RTLD_NOW);
		printf("%s\n", object ? "loaded" : dlerror());
		return !object;
	}
	if (argc == 3 && !strcmp(argv[1], "message")) {
		object = dlopen(argv[2], RTLD_LAZY);
		printf("%s\n", object ? "loaded" : dlerror());
		return object != NULL;
	}
	return 2;
}
