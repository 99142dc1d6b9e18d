// The target exists so that the package resolves; its first real file replaces this one.
