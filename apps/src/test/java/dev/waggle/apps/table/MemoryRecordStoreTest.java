package dev.waggle.apps.table;

class MemoryRecordStoreTest extends RecordStoreContract {
    @Override protected RecordStore store() {
        return new MemoryRecordStore();
    }

    @Override protected RecordStore again(RecordStore store) {
        return store;
    }
}
